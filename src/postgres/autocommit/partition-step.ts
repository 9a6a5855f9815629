import type { Step } from '../../core/schema/step';
import type { Convergence } from './convergence';
import { quoted } from './object-name';

/** A killed DETACH … CONCURRENTLY leaves the partition pending, and no other can be detached: FINALIZE completes it. */
export function detachPartition(step: Extract<Step, { kind: 'detach partition' }>): Convergence {
  const [table, partition] = [quoted(step.table), quoted(step.partition)];
  return {
    waitsForTransactions: true,
    unexpected: `${partition} is no partition of ${table}, and this release did not detach it`,
    probe: async (session) => {
      const answer = await session.query(
        `select inhdetachpending as is_pending from pg_catalog.pg_inherits
          where inhparent = pg_catalog.to_regclass($1) and inhrelid = pg_catalog.to_regclass($2)`,
        [table, partition],
      );
      if (answer.rowCount === 0) return 'done';
      return answer.rows[0]?.['is_pending'] === true ? 'half done' : 'not done';
    },
    mend: async (session, { found }) => {
      if (found !== 'half done') return 'run';
      await session.query(`alter table ${table} detach partition ${partition} finalize`);
      return 'done';
    },
  };
}
