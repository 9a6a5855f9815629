import { ReleaseError } from '../core/rules/release-error';
import { resolveMasking } from '../core/rules/resolve-masking';
import type { MaskedTable } from '../core/rules/resolve-masking';
import type { DatabaseRef } from '../core/schema/database-ref';
import type { MaskedColumn, Masking } from '../core/schema/masking';
import { faultOfExpression } from '../package/mask-expression';
import { cutOutward } from '../postgres/clone/cut';
import { readColumns } from '../postgres/mask/columns';
import { maskTables } from '../postgres/mask/mask';
import type { Session } from '../postgres/session';
import { withSession } from '../postgres/session';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { UNLIMITED } from './maintaining';
import { reading } from './reading';
import { endpointFor } from './world';
import type { World } from './world';

interface MaskOrder {
  readonly database: DatabaseRef;
  /** Of the source's policy. */
  readonly masking: Masking;
}

/** What keeps the values of a source's sensitive columns out of its clones. */
export function maskingActivities(world: World) {
  return {
    /** Before anything is dumped: is there a rule for every sensitive column? @throws MASK_MISSING @returns mutations of the source */
    checkMasking: activity(
      async ({ database, masking }: MaskOrder, watch: Watch): Promise<{ mutations: number }> => {
        const { mutations } = await reading(world, { database, watch, role: 'reader' }, (session) =>
          tablesToMask(session, { database, masking }),
        );
        return { mutations };
      },
    ),
    /** Masks a clone that nobody has been let into; what could act outward is cut first, for masking writes. @throws MASK_MISSING, MASK_FAILED */
    maskClone: activity(
      async (
        { database, masking }: MaskOrder,
        watch: Watch,
      ): Promise<{ masked: readonly MaskedColumn[] }> => {
        const settings = { ...UNLIMITED, application: 'one-roof masks clone', signal: watch.signal };
        const endpoint = await endpointFor(world, database, 'restorer');
        const masked = await withSession(endpoint, settings, async (session) => {
          await cutOutward(session);
          const tables = await tablesToMask(session, { database, masking });
          return maskTables(session, tables, (done) =>
            watch.progress({ what: 'mask', done, total: tables.length, unit: 'tables' }),
          );
        });
        return { masked };
      },
    ),
  };
}

/** The rules as they fit the database. @throws MASK_MISSING naming each column that would come through */
async function tablesToMask(
  session: Session,
  { database, masking }: MaskOrder,
): Promise<readonly MaskedTable[]> {
  const faults: string[] = [];
  for (const [column, rule] of Object.entries(masking.columns)) {
    const fault = rule === 'null' ? undefined : await faultOfExpression(rule.sql);
    if (fault !== undefined) faults.push(`the rule of ${column}: ${fault}`);
  }
  const { tables, problems } = resolveMasking(masking, await readColumns(session));
  if (faults.length + problems.length === 0) return tables;
  const where = database.clone?.name ?? database.target;
  throw new ReleaseError('MASK_MISSING', `${where}: ${[...faults, ...problems].join('; ')}`);
}
