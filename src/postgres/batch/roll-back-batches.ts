import { ReleaseError } from '../../core/rules/release-error';
import { blastOf } from '../../core/rules/tier-blast';
import type { BatchRule } from '../../core/schema/descriptor';
import { nothingToRollBack } from '../attempt';
import type { Attempted, AttemptWork } from '../attempt-work';
import { beginLedgerRow, findInEffect, finishLedgerRow } from '../ledger';
import type { Session } from '../session';
import { verifyBoundsType } from './bounds-type';
import { countPassed, readRange } from './done-range';
import type { DoneRange } from './done-range';
import { fenced } from './fenced';
import type { Ending } from './fenced';
import { findKeyColumn } from './key-column';
import { Pace } from './pace';
import type { Did } from './run-batch';
import { Tally } from './tally';
import { NOT_BEGUN, advance, beginWalk, findLatestApply, findProgress, walkOf } from './walk';
import type { Progressed, Walk } from './walk';
import { walkOn } from './walk-on';

interface Begun {
  /** This rollback. */
  readonly walk: Walk;
  readonly from: Progressed;
  /** The apply that is rolled back, and how many ranges it has done. */
  readonly applied: Walk;
  readonly ranges: number;
}

/**
 * Takes back the ranges that this release has applied, the last one first: those alone, whether the tier was finished or not.
 * What is left applied is always the beginning of the table.
 */
export async function rollBackBatches(
  session: Session,
  work: AttemptWork,
  rule: BatchRule,
): Promise<Attempted> {
  const begun = await fenced(session, work, () => begin(session, work, rule));
  if ('result' in begun) return begun;
  const { walk, applied, ranges } = begun;
  const [all, passed] = [
    await countPassed(session, applied),
    await countPassed(session, applied, ranges - begun.from.batches),
  ];
  const tally = new Tally(work, passed, all);
  let at = begun.from;
  const record = async (range: DoneRange, did: Did): Promise<void> => {
    const { hold, acceptsLoss } = work.attempt;
    if (acceptsLoss !== true) verifyOnlyOurs(work, range, did);
    const { rows, written } = did;
    await advance(session, walk, { hold, before: at.batches, cursor: range.first, rows, written });
  };
  const next = async (): Promise<DoneRange | undefined> => {
    at = (await findProgress(session, walk)) ?? at;
    return at.batches >= ranges ? undefined : readRange(session, applied, ranges - at.batches);
  };
  await walkOn(session, work, { next, record, pace: new Pace(rule), tally });
  return fenced(session, work, () => finish(session, work, { ...begun, tally }));
}

async function begin(
  session: Session,
  work: AttemptWork,
  rule: BatchRule,
): Promise<Ending<Begun | Attempted>> {
  const { attempt } = work;
  const walk = await walkOf(session, attempt);
  const known = await findInEffect(session, attempt);
  const applied = await findLatestApply(session, walk, known === undefined ? 'half done' : 'finished');
  if (applied === undefined && known !== undefined) throw withoutRanges(attempt.tier.id);
  if (applied === undefined) return { end: 'rollback', value: await nothingToRollBack(session, attempt) };
  await verifyBoundsType(session, work, await findKeyColumn(session, rule));
  await beginLedgerRow(session, attempt);
  const from = (await findProgress(session, walk)) ?? NOT_BEGUN;
  if (from === NOT_BEGUN) await beginWalk(session, walk, { hold: attempt.hold, inert: {} });
  return { end: 'commit', value: { walk, from, applied: applied.walk, ranges: applied.batches } };
}

/**
 * In each range, before its commit: a rollback that changes more rows than were changed there, or takes more rows away than
 * were put there, has met rows that others wrote. @throws OTHERS_ROWS
 */
function verifyOnlyOurs({ attempt }: AttemptWork, range: DoneRange, did: Did): void {
  const others = Object.entries(did.net).flatMap(([table, net]) => {
    const more = -net - Math.max(range.net[table] ?? 0, 0);
    return more > 0 ? [`${table}: ${more} rows`] : [];
  });
  if (did.rows > range.rows) others.unshift(`${did.rows} rows changed where ${range.rows} had been`);
  if (others.length === 0) return;
  const where = `batch ${range.number} of tier ${attempt.tier.id}`;
  throw new ReleaseError(
    'OTHERS_ROWS',
    `the rollback of ${where} would change rows that others wrote: ${others.join(', ')}`,
    {
      details: { batch: range.number, tables: others },
      hint: 'one_roof.batch_range names its keys; look for rows that were written since, then `decide retry`.',
    },
  );
}

/** A backfill that was not made by batches of ours, by hand for instance, has no ranges to go back over. */
function withoutRanges(tier: string): ReleaseError {
  return new ReleaseError(
    'IRREVERSIBLE',
    `tier ${tier} is in effect, but not by batches: its ranges are not known`,
  );
}

async function finish(
  session: Session,
  work: AttemptWork,
  { walk, tally }: Begun & { readonly tally: Tally },
): Promise<Ending<Attempted>> {
  const { attempt, statements } = work;
  const all = (await findProgress(session, walk)) ?? NOT_BEGUN;
  await finishLedgerRow(session, attempt.hold, { rows: all.rows, effects: null });
  const measures = statements.map((each) => tally.measure(each));
  const result = {
    outcome: 'rolled back' as const,
    found: false,
    ms: tally.elapsedMs,
    statements: statements.length,
    rows: all.rows,
    walBytes: tally.walBytes,
    metrics: {},
    touched: [...all.written],
    measures: null,
    blast: blastOf(measures),
    readings: [],
  };
  return { end: 'commit', value: { result, measures } };
}
