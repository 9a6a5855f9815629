import type { StuckRollback } from '../core/schema/outcome';
import type { PackageRef, PlannedTier, ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { rollbackStatementsOf } from '../package/package';
import { planOf } from '../package/plan';
import { activity } from './boundary';
import { describe, readPackage } from './world';
import type { World } from './world';

type RollbackText = Pick<StuckRollback, 'file' | 'line' | 'sql' | 'more'>;

const MOST_CHARACTERS = 8_000;

/** What there is to know before anything is touched: the audited package, the target's policy. */
export function packageActivities(world: World) {
  return {
    /** Audits the bytes that the store holds and plans the scope; kind, queue and policy of each target, in the order asked. */
    auditOrder: activity(
      async (order: {
        package: PackageRef;
        scope: string;
        targets: readonly string[];
      }): Promise<{ plan: ReleasePlan; targets: readonly TargetDescription[] }> => {
        const plan = await planOf(await readPackage(world, order.package), order.scope);
        return { plan, targets: order.targets.map((name) => describe(world, name)) };
      },
    ),
    /** The SQL that rolls a tier back, for a person to read; a long one is cut, the history bears it. */
    readRollback: activity(
      async (order: { package: PackageRef; tier: PlannedTier }): Promise<RollbackText> => {
        const statements = await rollbackStatementsOf(await readPackage(world, order.package), order.tier);
        const whole = statements.map(({ text }) => `${text};`).join('\n');
        const sql = whole.slice(0, MOST_CHARACTERS);
        return {
          file: order.tier.rollback?.path ?? '',
          line: statements[0]?.line ?? 1,
          sql,
          more: whole.length - sql.length,
        };
      },
    ),
  };
}
