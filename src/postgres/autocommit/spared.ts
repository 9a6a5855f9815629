import type { AttemptWork } from '../attempt-work';
import type { Session } from '../session';
import { objectOf } from './step-object';
import { readSinceOfApply, readSteps } from './step-record';

/**
 * Indexes that a tier names and did not make: its statement was never begun, or found the index there. Whoever made them, its
 * rollback does not drop them.
 */
export async function notMade(
  session: Session,
  { attempt, applied = [] }: AttemptWork,
): Promise<ReadonlySet<string>> {
  const since = await readSinceOfApply(session, attempt);
  const records = await readSteps(session, { attempt, since }, 'apply');
  const others = applied.filter(({ number, step }) => {
    const record = records.get(number);
    return step?.kind === 'create index' && (record === undefined || record.outcome === 'was there');
  });
  return new Set(others.flatMap((statement) => objectOf(statement) ?? []));
}
