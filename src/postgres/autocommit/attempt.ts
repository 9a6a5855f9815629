import { blastOf } from '../../core/rules/tier-blast';
import type { AttemptResult, GateReading, StatementMeasure } from '../../core/schema/attempt';
import type { Metrics } from '../../core/schema/name';
import {
  alreadyApplied,
  gateClosed,
  isHeldBy,
  nothingToRollBack,
  readWithin,
  verifyMetrics,
} from '../attempt';
import type { Attempted, AttemptWork } from '../attempt-work';
import { BudgetGuard, verifyCost } from '../budget-guard';
import { readGatesAndTables, readGatesWithin, verifyGatesUntouched } from '../gate-reading';
import { beginLedgerRow, findInEffect, finishLedgerRow, raiseFence } from '../ledger';
import { verifyRegistration } from '../registration';
import { takeSessionLock } from '../session-lock';
import type { Session } from '../session';
import { underFence } from './short-transaction';
import { readSince } from './since';
import { notMade } from './spared';
import { readSteps } from './step-record';
import { costOf, runSteps } from './steps';
import { readViews } from './views';

/**
 * One attempt at a tier that runs outside transactions. It converges: each statement is noted before and after, what a dead
 * attempt left half done is taken away or completed, and what is done is not done again. The session lock, held to the end, keeps
 * every other attempt out: a newer one ends this backend and waits until it is gone. DESIGN.md §7, invariant 3.
 * @throws SUPERSEDED where a newer attempt has begun; STATEMENT_FAILED, EXPECTATION_FAILED, … where the tier is at fault.
 */
export async function attemptAutocommitTier(session: Session, work: AttemptWork): Promise<Attempted> {
  const { hold, registration, direction } = work.attempt;
  await verifyRegistration(session, { kind: registration, nonce: work.nonce }); // nothing is written in another database
  await takeSessionLock(session, hold);
  await raiseFence(session, hold);
  return direction === 'apply' ? applySteps(session, work) : rollBackSteps(session, work);
}

/** The tier is to be applied. */
interface Opened {
  readonly since: string;
  readonly readings: readonly GateReading[];
  readonly before: Metrics;
}

async function applySteps(session: Session, work: AttemptWork): Promise<Attempted> {
  const { attempt } = work;
  const startedAt = performance.now();
  const opened = await underFence(session, attempt, () => open(session, work));
  if ('result' in opened) return opened;
  const { since, readings } = opened;
  new BudgetGuard(attempt, work.stopper).begin();
  const { measures, closed } = await runSteps(session, { work, attempt, since, spared: new Set() });
  if (closed !== undefined) return gateClosed([...readings, ...closed]);
  const touched = await readViews(session, work.statements);
  return underFence(session, attempt, async () => {
    const metrics = await readWithin(session, work.probe);
    verifyMetrics(attempt, opened.before, metrics);
    const last = await readGatesWithin(session, attempt.gates);
    if (isHeldBy(last, attempt)) return gateClosed([...readings, ...last]);
    verifyCost(attempt, costOf(measures));
    await finishLedgerRow(session, attempt.hold, { rows: 0, effects: { inserted: {}, created: {} } });
    const done = { outcome: 'applied', ms: performance.now() - startedAt, metrics, touched } as const;
    return summarize(work, { ...done, readings: [...readings, ...last] }, measures);
  });
}

/** Before a gate that is closed not even the attempt is noted. */
async function open(session: Session, work: AttemptWork): Promise<Attempted | Opened> {
  const { attempt } = work;
  await verifyRegistration(session, { kind: attempt.registration, nonce: work.nonce });
  const known = await findInEffect(session, attempt);
  if (known !== undefined)
    return { result: await alreadyApplied(session, work, known.release), measures: [] };
  const { readings, tables } = await readGatesAndTables(session, attempt.gates);
  if (isHeldBy(readings, attempt)) return gateClosed(readings);
  verifyGatesUntouched(attempt.tier.id, await readViews(session, work.statements), tables);
  await beginLedgerRow(session, attempt);
  const before = attempt.tier.rules.inert.length === 0 ? {} : await readWithin(session, work.probe);
  return { since: await readSince(session, attempt), readings, before };
}

/** A tier that was applied in part is rolled back like a whole one; what it had not made yet is left alone. */
async function rollBackSteps(session: Session, work: AttemptWork): Promise<Attempted> {
  const { attempt } = work;
  const startedAt = performance.now();
  const since = await underFence(session, attempt, () => openRollback(session, work));
  if (since === undefined) return nothingToRollBack(session, attempt);
  const spared = await notMade(session, work);
  const { measures } = await runSteps(session, { work, attempt, since, spared });
  const touched = await readViews(session, work.statements);
  return underFence(session, attempt, async () => {
    await finishLedgerRow(session, attempt.hold, { rows: 0, effects: null });
    const done = { outcome: 'rolled back', ms: performance.now() - startedAt, metrics: {} } as const;
    return summarize(work, { ...done, touched, readings: [] }, measures);
  });
}

/** Which steps count; nothing, where the release has begun none. */
async function openRollback(session: Session, work: AttemptWork): Promise<string | undefined> {
  const { attempt } = work;
  await verifyRegistration(session, { kind: attempt.registration, nonce: work.nonce });
  const since = await readSince(session, attempt);
  const isInEffect = (await findInEffect(session, attempt)) !== undefined;
  const begun = await readSteps(session, { attempt, since }, 'apply');
  if (!isInEffect && begun.size === 0) return undefined;
  await beginLedgerRow(session, attempt);
  return since;
}

type Done = Pick<
  Extract<AttemptResult, { found: boolean }>,
  'outcome' | 'ms' | 'metrics' | 'touched' | 'readings'
>;

function summarize(work: AttemptWork, done: Done, measures: readonly StatementMeasure[]): Attempted {
  const walBytes = measures.reduce((sum, measure) => sum + measure.walBytes, 0);
  const { length: statements } = work.statements;
  const counts = { found: false, statements, rows: 0, walBytes, measures: null, blast: blastOf(measures) };
  return { result: { ...done, ...counts }, measures };
}
