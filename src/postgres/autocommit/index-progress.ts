import type { Progress } from '../../core/schema/heartbeat';
import { inWords, readBlockers } from '../blockers';
import type { Blocker } from '../blockers';
import type { Session } from '../session';

/** A build's own count, and the transaction whose end it waits for. */
const PROGRESS = `
select p.phase, p.blocks_done::float8, p.blocks_total::float8, p.tuples_done::float8, p.tuples_total::float8,
       case when p.current_locker_pid > 0 then
         pg_catalog.format('; waits for the end of the transaction of process %s (%s), open for %s s', p.current_locker_pid,
           pg_catalog.concat_ws(', ', a.usename, nullif(a.application_name, ''), a.state),
           coalesce(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::int::text, '?'))
       end as waits
  from pg_catalog.pg_stat_progress_create_index p
  left join pg_catalog.pg_stat_activity a on a.pid = p.current_locker_pid
 where p.pid = $1`;

/** What an onlooker sees of a statement that runs long. */
export interface Sight {
  readonly progress: Progress;
  readonly blockers: readonly Blocker[];
}

/** The blocks or tuples of an index build; for another statement, who holds it up. `ours`: how far the tier is. */
export async function lookAtStatement(beside: Session, pid: number, ours: Progress): Promise<Sight> {
  const blockers = await readBlockers(beside, pid);
  const row = (await beside.query(PROGRESS, [pid])).rows[0];
  if (row === undefined) {
    return { progress: blockers.length > 0 ? { ...ours, note: inWords(blockers) } : ours, blockers };
  }
  const waits = typeof row['waits'] === 'string' ? row['waits'] : '';
  const note = `statement ${ours.done + 1} of ${ours.total}: ${String(row['phase'])}${waits}`;
  return { progress: { what: ours.what, ...counted(row), note }, blockers };
}

/** Tuples are counted while they are sorted and loaded, blocks while the table is read. */
function counted(row: Readonly<Record<string, unknown>>): Pick<Progress, 'done' | 'total' | 'unit'> {
  const tuples = Number(row['tuples_total']);
  return tuples > 0
    ? { done: Number(row['tuples_done']), total: tuples, unit: 'rows' }
    : { done: Number(row['blocks_done']), total: Number(row['blocks_total']), unit: 'blocks' };
}
