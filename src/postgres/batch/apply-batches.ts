import { blastOf } from '../../core/rules/tier-blast';
import type { GateReading } from '../../core/schema/attempt';
import type { BatchRule } from '../../core/schema/descriptor';
import { alreadyApplied, gateClosed, isHeldBy, readWithin, verifyMetrics } from '../attempt';
import type { Attempted, AttemptWork } from '../attempt-work';
import { verifyCost } from '../budget-guard';
import { readGatesWithin } from '../gate-reading';
import { beginLedgerRow, findInEffect, finishLedgerRow } from '../ledger';
import type { Session } from '../session';
import { verifyBoundsType } from './bounds-type';
import { countPassed, recordRange } from './done-range';
import { fenced } from './fenced';
import type { Ending } from './fenced';
import { verifyNotHalfDone } from './half-done';
import { estimateKeys, findKeyColumn, verifyFit } from './key-column';
import type { KeyColumn } from './key-column';
import { readNextRange } from './key-range';
import type { KeyRange } from './key-range';
import { Pace } from './pace';
import type { Did } from './run-batch';
import { Tally } from './tally';
import { NOT_BEGUN, advance, beginWalk, findProgress, walkOf } from './walk';
import type { Progressed, Walk } from './walk';
import { costOf, walkOn } from './walk-on';

interface Begun {
  readonly walk: Walk;
  readonly from: Progressed;
  readonly key: KeyColumn;
  readonly readings: readonly GateReading[];
}

/** Walks through the table from where the ledger says that it stands, to its end. */
export async function applyBatches(session: Session, work: AttemptWork, rule: BatchRule): Promise<Attempted> {
  const begun = await fenced(session, work, () => begin(session, work, rule));
  if ('result' in begun) return begun;
  const { walk, key } = begun;
  const passed = await countPassed(session, walk);
  const tally = new Tally(work, passed, await estimateKeys(session, key));
  let at = begun.from;
  const record = async (range: KeyRange, did: Did): Promise<void> => {
    const { hold } = work.attempt;
    const { rows, written, net } = did;
    await recordRange(session, { walk, hold }, { ...range, number: at.batches + 1, rows, net });
    await advance(session, walk, { hold, before: at.batches, cursor: range.last, rows, written });
  };
  const next = async (size: number): Promise<KeyRange | undefined> => {
    at = (await findProgress(session, walk)) ?? at;
    return readNextRange(session, key, { cursor: at.cursor, size });
  };
  const closed = await walkOn(session, work, { next, record, pace: new Pace(rule), tally });
  if (closed !== undefined) return gateClosed([...begun.readings, ...closed]);
  return fenced(session, work, () => finish(session, work, { ...begun, tally }));
}

async function begin(
  session: Session,
  work: AttemptWork,
  rule: BatchRule,
): Promise<Ending<Begun | Attempted>> {
  const { attempt } = work;
  const walk = await walkOf(session, attempt);
  await verifyNotHalfDone(session, walk);
  const known = await findInEffect(session, attempt);
  if (known !== undefined)
    return {
      end: 'rollback',
      value: { result: await alreadyApplied(session, work, known.release), measures: [] },
    };
  const readings = await readGatesWithin(session, attempt.gates);
  if (isHeldBy(readings, attempt)) return { end: 'rollback', value: gateClosed(readings) };
  const key = await findKeyColumn(session, rule);
  verifyFit(key);
  await verifyBoundsType(session, work, key);
  await beginLedgerRow(session, attempt);
  const from = (await findProgress(session, walk)) ?? (await beginAtFirst(session, work, walk));
  return { end: 'commit', value: { walk, from, key, readings } };
}

/** What must not move is read before the first batch, whichever attempt ends the walk. */
async function beginAtFirst(session: Session, work: AttemptWork, walk: Walk): Promise<Progressed> {
  const { hold, tier } = work.attempt;
  const metrics = tier.rules.inert.length === 0 ? {} : await readWithin(session, work.probe);
  const inert = Object.fromEntries(
    Object.entries(metrics).filter(([metric]) => tier.rules.inert.includes(metric)),
  );
  await beginWalk(session, walk, { hold, inert });
  return { ...NOT_BEGUN, inert };
}

/** There are no keys left: what the tier promised is verified, and it is in effect. */
async function finish(
  session: Session,
  work: AttemptWork,
  { walk, readings, tally }: Begun & { readonly tally: Tally },
): Promise<Ending<Attempted>> {
  const { attempt, statements } = work;
  const all = (await findProgress(session, walk)) ?? NOT_BEGUN;
  const metrics = await readWithin(session, work.probe);
  verifyMetrics(attempt, all.inert, metrics);
  const last = await readGatesWithin(session, attempt.gates);
  if (isHeldBy(last, attempt)) return { end: 'rollback', value: gateClosed([...readings, ...last]) };
  verifyCost(attempt, costOf(work, tally));
  await finishLedgerRow(session, attempt.hold, { rows: all.rows, effects: null });
  const measures = statements.map((each) => tally.measure(each));
  const result = {
    outcome: 'applied' as const,
    found: false,
    ms: tally.elapsedMs,
    statements: statements.length,
    rows: all.rows,
    walBytes: tally.walBytes,
    metrics,
    touched: [...all.written],
    measures: null,
    blast: blastOf(measures),
    readings: [...readings, ...last],
  };
  return { end: 'commit', value: { result, measures } };
}
