import { movedMetrics, unmetExpectations } from '../core/rules/expectations';
import { ReleaseError } from '../core/rules/release-error';
import type { AttemptResult, GateReading, StatementMeasure, TierAttempt } from '../core/schema/attempt';
import type { Metrics } from '../core/schema/name';
import type { SqlStatement } from '../core/schema/statement';
import type { Attempted, AttemptWork } from './attempt-work';
import { BudgetGuard } from './budget-guard';
import { measureEffects } from './effects';
import type { Effects } from './effects';
import { readGatesAndTables, readGatesWithin, verifyGatesUntouched } from './gate-reading';
import {
  beginLedgerRow,
  findInEffect,
  finishLedgerRow,
  isRolledBackHere,
  lockFence,
  raiseFence,
} from './ledger';
import { readMetrics } from './metrics';
import { withLocksHeld } from './locks-held';
import { Observer } from './observation';
import { verifyCountable, verifyNoRowsOfOthers, verifyOnlyOursRemoved } from './others-rows';
import { verifyRegistration } from './registration';
import { takeSessionLock } from './session-lock';
import type { Session } from './session';
import { runStatements } from './statement-run';
import type { Onlookers } from './statement-run';
import { endTransaction, withinTransaction } from './transaction';

/**
 * One attempt to apply or roll back a tier: exactly once or not at all, whatever dies and whenever. DESIGN.md §7.
 * @throws SUPERSEDED where a newer attempt has begun; STATEMENT_FAILED, EXPECTATION_FAILED, … where the tier is at fault.
 */
export async function attemptTier(session: Session, work: AttemptWork): Promise<Attempted> {
  const { hold } = work.attempt;
  const registration = { kind: work.attempt.registration, nonce: work.nonce };
  await verifyRegistration(session, registration); // nothing is written, and nobody ended, in another database
  await takeSessionLock(session, hold);
  await raiseFence(session, hold);
  await session.query('begin isolation level read committed, read write');
  const attempted = await withinTransaction(session, async () => {
    await lockFence(session, hold);
    await verifyRegistration(session, registration);
    return work.attempt.direction === 'apply'
      ? await applyWithin(session, work)
      : await rollBackWithin(session, work);
  });
  const { outcome } = attempted.result;
  await endTransaction(session, outcome === 'applied' || outcome === 'rolled back' ? 'commit' : 'rollback');
  return withLocksHeld(attempted);
}

async function applyWithin(session: Session, work: AttemptWork): Promise<Attempted> {
  const { attempt } = work;
  const known = attempt.repeat ? undefined : await findInEffect(session, attempt);
  if (known !== undefined)
    return { result: await alreadyApplied(session, work, known.release), measures: [] };
  if (!attempt.repeat) await beginLedgerRow(session, attempt);
  const { readings: first, tables } = await readGatesAndTables(session, attempt.gates);
  if (isHeldBy(first, attempt)) return gateClosed(first);
  const before = attempt.tier.rules.inert.length === 0 ? {} : await readWithin(session, work.probe);
  const startedAt = performance.now();
  const { observer, measures, guard } = await runObserved(session, work);
  await settle(session);
  verifyGatesUntouched(attempt.tier.id, observer.written(), tables);
  const metrics = await readWithin(session, work.probe);
  if (!attempt.repeat) verifyMetrics(attempt, before, metrics);
  const last = await readGatesWithin(session, attempt.gates);
  if (isHeldBy(last, attempt)) return gateClosed([...first, ...last]);
  guard.verify(measures);
  if (!attempt.repeat)
    await finishLedgerRow(session, attempt.hold, {
      rows: rowsOf(measures),
      effects: await measureEffects(session, (oid) => observer.knew(oid)),
    });
  const done = {
    outcome: 'applied',
    ms: performance.now() - startedAt,
    metrics,
    readings: [...first, ...last],
  } as const;
  return { result: summarize(done, measures, observer), measures, beganAt: observer.beganAt };
}

async function rollBackWithin(session: Session, work: AttemptWork): Promise<Attempted> {
  const { attempt } = work;
  const known = await findInEffect(session, attempt);
  if (known === undefined) return nothingToRollBack(session, attempt);
  await beginLedgerRow(session, attempt);
  const effects: Effects = known.effects ?? { inserted: {}, created: {} }; // unknown: whatever it removes is others'
  if (attempt.acceptsLoss !== true) await verifyNoRowsOfOthers(session, effects);
  const startedAt = performance.now();
  const { observer, measures } = await runObserved(
    session,
    work,
    attempt.acceptsLoss === true ? undefined : effects,
  );
  await settle(session);
  if (attempt.acceptsLoss !== true) await verifyOnlyOursRemoved(session, effects, observer);
  await finishLedgerRow(session, attempt.hold, { rows: rowsOf(measures), effects: null });
  const done = {
    outcome: 'rolled back',
    ms: performance.now() - startedAt,
    metrics: {},
    readings: [],
  } as const;
  return { result: summarize(done, measures, observer), measures, beganAt: observer.beganAt };
}

/** A tier found in effect: by this release it is applied (an answer was lost), by an earlier one it is not ours to undo. */
export async function alreadyApplied(
  session: Session,
  work: AttemptWork,
  release: string,
): Promise<AttemptResult> {
  if (release !== work.attempt.hold.release) return { outcome: 'already applied', release };
  return { ...FOUND, outcome: 'applied', metrics: await readWithin(session, work.probe) };
}

/** A tier found not in effect: this release has rolled it back (an answer was lost), or it never was ours. */
export async function nothingToRollBack(session: Session, attempt: TierAttempt): Promise<Attempted> {
  const isDone = await isRolledBackHere(session, attempt);
  return { result: isDone ? { ...FOUND, outcome: 'rolled back' } : { outcome: 'not applied' }, measures: [] };
}

/** What there is to say of an attempt that found its work done. */
const FOUND = {
  found: true,
  ms: 0,
  statements: 0,
  rows: 0,
  walBytes: 0,
  metrics: {},
  touched: [],
  measures: null,
  readings: [],
};

/** `ours`, when rolling back: what the tier left in tables. */
async function runObserved(
  session: Session,
  work: AttemptWork,
  ours?: Effects,
): Promise<{ observer: Observer; guard: BudgetGuard; measures: readonly StatementMeasure[] }> {
  const observer = new Observer();
  await observer.begin(session, work.statements);
  const guard = new BudgetGuard(work.attempt, work.stopper);
  guard.begin();
  const onlookers: Onlookers = {
    observer,
    guard,
    onRun: ({ command }) => (ours === undefined ? undefined : verifyCountable(observer, ours, command)),
  };
  return { observer, guard, measures: await runStatements(session, work, onlookers) };
}

/** Deferred constraints now, not at the commit; then what a tier may have set for itself is put back. DESIGN.md §7.7. */
export async function settle(session: Session): Promise<void> {
  await session.query('set constraints all immediate');
  await session.query('reset role');
  await session.query('reset search_path');
  await session.query('reset synchronous_commit');
}

export async function readWithin(session: Session, probe: readonly SqlStatement[]): Promise<Metrics> {
  if (probe.length === 0) return {};
  await session.query('savepoint one_roof_probe');
  await session.query('set local transaction_read_only = on');
  const metrics = await readMetrics(session, probe);
  await session.query('rollback to savepoint one_roof_probe');
  await session.query('release savepoint one_roof_probe');
  return metrics;
}

/** `before` was read in this very transaction: what others changed until then has not moved by us. */
export function verifyMetrics(attempt: TierAttempt, before: Metrics, metrics: Metrics): void {
  const { expect, inert } = attempt.tier.rules;
  const wrong = [...unmetExpectations(expect, metrics), ...movedMetrics(inert, before, metrics)];
  if (wrong.length === 0) return;
  throw new ReleaseError('EXPECTATION_FAILED', `after tier ${attempt.tier.id}: ${wrong.join('; ')}`, {
    details: { metrics, wrong },
  });
}

/** On a clone a closed gate is recorded, not required: a rehearsal never waits for it. */
export function isHeldBy(readings: readonly GateReading[], attempt: TierAttempt): boolean {
  return attempt.registration === 'production' && readings.some((reading) => !reading.open);
}

export function gateClosed(readings: readonly GateReading[]): Attempted {
  return { result: { outcome: 'gate closed', readings: [...readings] }, measures: [] };
}

type Done = Pick<Extract<AttemptResult, { found: boolean }>, 'outcome' | 'ms' | 'metrics'> & {
  readonly readings: readonly GateReading[];
};

function summarize(done: Done, measures: readonly StatementMeasure[], observer: Observer): AttemptResult {
  return {
    ...done,
    readings: [...done.readings],
    found: false,
    statements: measures.length,
    rows: rowsOf(measures),
    walBytes: measures.reduce((sum, measure) => sum + measure.walBytes, 0),
    touched: [...observer.touched()],
    measures: null,
  };
}

function rowsOf(measures: readonly StatementMeasure[]): number {
  return measures.reduce((sum, measure) => sum + (measure.rows ?? 0), 0);
}
