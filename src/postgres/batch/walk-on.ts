import type { Cost } from '../../core/rules/budget';
import { ReleaseError } from '../../core/rules/release-error';
import { blastOf } from '../../core/rules/tier-blast';
import type { GateReading } from '../../core/schema/attempt';
import type { AttemptWork } from '../attempt-work';
import { inWords, readBlockers } from '../blockers';
import type { Blocker } from '../blockers';
import { verifyCost } from '../budget-guard';
import { asReleaseError } from '../errors';
import { lookingOn } from '../onlooker';
import type { Session } from '../session';
import { heldUpBy } from '../statement-run';
import type { KeyRange } from './key-range';
import type { Pace } from './pace';
import { runBatch } from './run-batch';
import type { Did } from './run-batch';
import type { Tally } from './tally';

/** A way through a table: which range is next, and what is entered of it in the ledger, in its own transaction. */
export interface Way<Range extends KeyRange> {
  readonly next: (size: number) => Promise<Range | undefined>;
  readonly record: (range: Range, did: Did) => Promise<void>;
  readonly pace: Pace;
  readonly tally: Tally;
}

/**
 * Batch after batch to the end of the way. @returns the readings of the gate where it was found closed
 * @throws what ended it; `details.batches` says how many batches this attempt had committed before
 */
export async function walkOn<Range extends KeyRange>(
  session: Session,
  work: AttemptWork,
  way: Way<Range>,
): Promise<readonly GateReading[] | undefined> {
  let blockers: readonly Blocker[] = [];
  const look = async (beside: Session): Promise<void> => {
    const found = await readBlockers(beside, session.pid);
    if (found.length === 0) return;
    blockers = found;
    way.tally.tell(inWords(found));
  };
  try {
    return await lookingOn(() => walk(session, work, way), look, work.beside);
  } catch (error) {
    throw afterBatches(heldUpBy(asReleaseError(error), blockers), way.tally.batches);
  }
}

async function walk<Range extends KeyRange>(
  session: Session,
  work: AttemptWork,
  way: Way<Range>,
): Promise<readonly GateReading[] | undefined> {
  const { pace, tally } = way;
  const tell = (note: string): void => tally.tell(note);
  for (;;) {
    await pace.waitForReplicas(session, tell);
    const step = await stepOn(session, work, way).catch((error: unknown) => pace.backOff(error, tell));
    if (step === undefined) continue;
    if (step === 'arrived') return undefined;
    if ('closed' in step) return step.closed;
    tally.add(step.range, step.did);
    if (work.attempt.registration === 'production') verifyCost(work.attempt, costOf(work, tally));
    tally.tellBatch(step.range, step.ms);
    pace.adapt(step.ms);
  }
}

async function stepOn<Range extends KeyRange>(session: Session, work: AttemptWork, way: Way<Range>) {
  const startedAt = performance.now();
  const range = await way.next(way.pace.size);
  if (range === undefined) return 'arrived' as const;
  const did = await runBatch(session, work, { range, record: (done) => way.record(range, done) });
  return 'closed' in did ? did : { range, did, ms: performance.now() - startedAt };
}

/** What the batches of this attempt have cost so far. */
export function costOf({ statements }: AttemptWork, tally: Tally): Cost {
  return { ms: tally.ms, blast: blastOf(statements.map((each) => tally.measure(each))) };
}

function afterBatches(error: ReleaseError, batches: number): ReleaseError {
  const { code, message, hint, details, cause } = error;
  return new ReleaseError(code, message, { hint, details: { ...details, batches }, cause });
}
