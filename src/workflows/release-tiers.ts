import { sleep } from '@temporalio/workflow';
import { limitOf } from '../core/rules/budget';
import { compareBlast } from '../core/rules/compare-blast';
import { judgeDrift } from '../core/rules/drift';
import { gatesGoverning, hardQueries, effectiveGates } from '../core/rules/effective-gate';
import type { EffectiveGate } from '../core/rules/effective-gate';
import { ReleaseError } from '../core/rules/release-error';
import { modeOf } from '../core/rules/tier-mode';
import type { AttemptResult, GateReading } from '../core/schema/attempt';
import type { Observation } from '../core/schema/observation';
import type { DriftVerdict, ReleasedTier } from '../core/schema/outcome';
import type { PlannedTier } from '../core/schema/plan';
import { hold } from './hold';
import { TOUCHED, observe } from './observe';
import { tellDelta, verifyExplained } from './release-delta';
import type { ReleaseBook } from './release-book';
import { throwIfStopped } from './release-ending';
import { waitAtGates } from './release-gate';
import { passGates } from './release-passing';
import { gatesNote, verifyChecks } from './release-preparation';
import type { TierRunner } from './tier-runner';
import { asOutcomeError, judge } from './verdict';

/** After so many closures of one tier a person is asked. */
const MOST_CLOSED = 6;
const CLOSED_PAUSE_MS = 500;

/** Tier by tier, each behind the gates that stand before it; what is applied already stays so. */
export async function applyTiers(book: ReleaseBook, runner: TierRunner): Promise<void> {
  for (const tier of book.known.plan.tiers) {
    if (outcomeOf(book, tier) !== 'not reached') continue;
    await passGates(book, tier.id);
    await book.story.stage(
      tier.id,
      () => applyTier(book, runner, tier),
      (note) => note,
    );
  }
}

async function applyTier(book: ReleaseBook, runner: TierRunner, tier: PlannedTier): Promise<string> {
  const gates = governing(book, tier);
  const heeds = modeOf(tier.rules) === 'batch' ? 'abort and pause' : 'abort';
  for (let closed = 1; ; closed += 1) {
    const wanted = { tier, direction: 'apply', gates: hardQueries(gates), ...limited(book, tier) } as const;
    const result = await book.gatehouse.abortable(() => runner.run(wanted), heeds);
    if (result.outcome === 'gate closed') await waitAgain(book, gates, { closed, readings: result.readings });
    else return tellApplied(book, tier, { result, attempts: runner.attempts });
  }
}

function tellApplied(
  book: ReleaseBook,
  tier: PlannedTier,
  done: { result: AttemptResult; attempts: number },
): string {
  const { result, attempts } = done;
  if (result.outcome === 'already applied') {
    book.note(tier.id, { outcome: 'already applied' });
    return `already applied by ${result.release}`;
  }
  if (result.outcome !== 'applied')
    throw new ReleaseError('INTERNAL', `applying ${tier.id} ended as ${result.outcome}`);
  book.gatehouse.read(result.readings);
  const { ms, metrics } = result;
  book.note(tier.id, { outcome: 'applied', ms, attempts, metrics, ...measured(book, tier, result) });
  if (result.found) return 'found applied: the answer of an earlier attempt was lost';
  return `${result.statements} statements, ${result.rows} rows`;
}

/** How long the tier may take, where its rehearsal is known and its budget says how many times that. */
function limited({ rehearsed }: ReleaseBook, { id, rules }: PlannedTier) {
  const limit = limitOf(rules.budget ?? {}, rehearsed?.tiers[id]);
  return limit === undefined ? {} : { limit };
}

/** What it cost others, and how that compares with the rehearsal; an attempt whose answer was lost has measured nothing. */
function measured(
  { rehearsed }: ReleaseBook,
  { id }: PlannedTier,
  { found, ms, measures, blast }: Extract<AttemptResult, { found: boolean }>,
): Partial<ReleasedTier> {
  if (found) return {};
  const then = rehearsed?.tiers[id];
  return {
    measures,
    ...(blast === undefined ? {} : { blast }),
    ...(then === undefined || then === 0
      ? {}
      : { compared: compareBlast({ ms: then, blast: rehearsed?.blasts?.[id] }, { ms, blast }) }),
  };
}

/**
 * The gate was found closed inside the tier's transaction: it is waited for again, no failure. Where the executor finds it
 * closed time and again and the reader open, the two see different things: that is for a person.
 */
async function waitAgain(
  book: ReleaseBook,
  gates: readonly EffectiveGate[],
  found: { closed: number; readings: readonly GateReading[] },
): Promise<void> {
  book.gatehouse.read(found.readings);
  const unreadable = found.readings.find((reading) => reading.unreadable !== undefined)?.unreadable;
  if (found.closed % MOST_CLOSED === 0) {
    const message = `the executor has found the gate closed ${found.closed} times though it reads open: ${unreadable ?? 'it flaps'}`;
    const why = asOutcomeError(judge(new ReleaseError('GATE_UNREADABLE', message)));
    await hold(book, {
      stage: 'hold',
      why,
      choices: ['decide retry: wait at the gate again'],
      until: (choice) => choice === 'retry',
    });
    throwIfStopped(book);
  }
  if (found.closed > 1)
    await sleep(CLOSED_PAUSE_MS * 2 ** (found.closed % MOST_CLOSED), {
      summary: 'the gate was found closed again',
    });
  await waitAtGates(book, gates);
}

function governing(book: ReleaseBook, tier: PlannedTier) {
  const { plan, target } = book.known;
  return gatesGoverning(
    effectiveGates(plan, target.policy.gates),
    plan.tiers.map((each) => each.id),
    tier.id,
  );
}

/** 90_verify, read contract, exit baseline, drift: one look at the target. @throws VERIFY_FAILED, BASELINE_DRIFT */
export async function verifyEnd(book: ReleaseBook): Promise<void> {
  const { verify, readContract } = book.known.plan;
  const checks = [verify, readContract].filter((file) => file !== null);
  const names = checks.map((file) => file.path).join(', ');
  const seen = await book.story.stage(
    'verify',
    async () => {
      const now = await observe(book, `${names || 'no checks'}, exit baseline, schema`, {
        ...TOUCHED,
        delta: true,
        checks,
      });
      verifyChecks(now.checks, 'VERIFY_FAILED');
      return now;
    },
    (now) => gatesNote(now.checks),
  );
  await book.story.stage('exit baseline', () => compareWithEntry(book, seen));
}

function compareWithEntry(book: ReleaseBook, seen: Observation): Promise<void> {
  const { record, known } = book;
  record.baseline.exit = seen.metrics;
  record.drift = judgeDrift(known.plan.metrics, record.baseline.entry, seen.metrics);
  record.fingerprint.after = seen.schema;
  tellDelta(book, seen);
  const drifted = record.drift.filter((metric) => metric.verdict === 'drift').map(inWords);
  if (drifted.length > 0)
    throw new ReleaseError('BASELINE_DRIFT', `the exit baseline drifted: ${drifted.join('; ')}`);
  verifyExplained(book);
  return Promise.resolve();
}

function inWords({ metric, entry, exit, policy }: DriftVerdict): string {
  return `${metric}: ${String(entry)} → ${String(exit)}, ${policy}`;
}

/** What has become of a tier so far. */
export function outcomeOf(book: ReleaseBook, tier: PlannedTier) {
  return book.tiers.find((each) => each.id === tier.id)?.outcome ?? 'not reached';
}
