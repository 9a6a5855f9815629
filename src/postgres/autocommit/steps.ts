import type { Cost } from '../../core/rules/budget';
import { ReleaseError } from '../../core/rules/release-error';
import { blastOf } from '../../core/rules/tier-blast';
import type { GateReading, StatementMeasure } from '../../core/schema/attempt';
import type { SqlStatement } from '../../core/schema/statement';
import { isHeldBy } from '../attempt';
import type { AttemptWork } from '../attempt-work';
import { verifyCost } from '../budget-guard';
import { readGatesWithin } from '../gate-reading';
import type { Session } from '../session';
import { progressOf } from '../statement-run';
import { convergenceOf } from './convergence';
import type { Before, Convergence } from './convergence';
import { readSteps, recordIntent, recordOutcome, wasCutOff } from './step-record';
import type { StepOutcome, StepRecord, StepsOf } from './step-record';
import { objectOf } from './step-object';
import { underFence } from './short-transaction';
import { placeIn, runStep } from './step-run';

/** The steps of one attempt. */
export interface Course extends StepsOf {
  readonly work: AttemptWork;
  /** Indexes that a rollback leaves alone, for its tier has not made them. */
  readonly spared: ReadonlySet<string>;
}

/** What was run in this attempt; `closed`: a gate, before the next statement. */
export interface Ran {
  readonly measures: readonly StatementMeasure[];
  readonly closed: readonly GateReading[] | undefined;
}

/**
 * Every statement in its order, until its effect is there: intent, statement, look into the catalog, outcome. Those of earlier
 * attempts are not run again.
 */
export async function runSteps(session: Session, course: Course): Promise<Ran> {
  const { work } = course;
  const records = await readSteps(session, course);
  const measures: StatementMeasure[] = [];
  for (const statement of work.statements) {
    const due = await dueStep(session, course, { statement, records });
    if (due !== undefined) {
      const closed = await begin(session, course, statement);
      if (closed !== undefined) return { measures, closed };
      if (due.outcome === 'done') measures.push(await runStep(session, work, due));
      await end(session, course, due);
      if (work.attempt.registration === 'production') verifyCost(work.attempt, costOf(measures));
    }
    work.onProgress?.(progressOf(work, statement.number));
  }
  return { measures, closed: undefined };
}

/** Each statement has locks of its own: what was measured of them is all. */
export function costOf(measures: readonly StatementMeasure[]): Cost {
  return { ms: measures.reduce((sum, { ms }) => sum + ms, 0), blast: blastOf(measures) };
}

interface Due {
  readonly statement: SqlStatement;
  readonly way: Convergence;
  readonly before: Before;
  /** `done`: it is run. */
  readonly outcome: StepOutcome;
}

interface Standing {
  readonly statement: SqlStatement;
  readonly records: ReadonlyMap<number, StepRecord>;
}

/** What is to become of a statement; nothing, where an earlier attempt has finished it and its effect is there. */
async function dueStep(session: Session, course: Course, standing: Standing): Promise<Due | undefined> {
  const { statement, records } = standing;
  const { step, number } = statement;
  if (step === undefined)
    throw new ReleaseError('INTERNAL', `${placeIn(course.work, statement)} does not converge`);
  const way = convergenceOf(step);
  const found = await way.probe(session);
  const record = records.get(number);
  const isThere = found === 'done' || found === 'not known' || isOvertaken(course, standing);
  if (record?.outcome !== undefined && isThere) return undefined;
  const before = { found, wasCutOff: await wasCutOff(session, course.attempt, statement) };
  const due = { statement, way, before };
  if (isSpared(course, statement)) return { ...due, outcome: 'spared' };
  if (found !== 'done') return { ...due, outcome: 'done' };
  if (record !== undefined) return { ...due, outcome: 'found done' };
  if (way.unexpected !== undefined && course.attempt.direction === 'apply')
    throw new ReleaseError('STATEMENT_FAILED', `${placeIn(course.work, statement)}: ${way.unexpected}`);
  return { ...due, outcome: 'was there' };
}

/** Has a later statement of the tier begun on the same object? Then the catalog tells of that one. */
function isOvertaken({ work }: Course, { statement, records }: Standing): boolean {
  const object = objectOf(statement);
  return (
    object !== undefined &&
    work.statements.some(
      (later) => later.number > statement.number && records.has(later.number) && objectOf(later) === object,
    )
  );
}

function isSpared({ spared }: Course, statement: SqlStatement): boolean {
  const object = objectOf(statement);
  return statement.step?.kind === 'drop index' && object !== undefined && spared.has(object);
}

/** The hard gates, and behind them the intent, in one transaction; the gates' readings where one is closed. */
async function begin(
  session: Session,
  course: Course,
  statement: SqlStatement,
): Promise<readonly GateReading[] | undefined> {
  const { attempt } = course;
  return underFence(session, attempt, async () => {
    const readings = attempt.direction === 'apply' ? await readGatesWithin(session, attempt.gates) : [];
    if (isHeldBy(readings, attempt)) return readings;
    await recordIntent(session, course, statement);
    return undefined;
  });
}

async function end(session: Session, course: Course, { statement, outcome }: Due): Promise<void> {
  const { number } = statement;
  await underFence(session, course.attempt, () => recordOutcome(session, course, { number, outcome }));
}
