import { ReleaseError } from '../../core/rules/release-error';
import { hasRegistry } from '../clone/registry';
import type { Session } from '../session';

/**
 * No road to a drop goes past this: what the registry knows as a golden is dropped by nobody before it is retired. Within a
 * transaction it also holds the registry's row, so that the database becomes no golden before that transaction ends.
 * @throws GOLDEN_PROTECTED
 */
export async function verifyNoGolden(session: Session, nonce: string): Promise<void> {
  if (!(await hasRegistry(session, 'golden'))) return;
  await session.query('select from one_roof.made_database where nonce = $1 for update', [nonce]);
  const found = await session.query(
    'select name from one_roof.golden where nonce = $1 and retired_at is null',
    [nonce],
  );
  const [golden] = found.rows;
  if (golden === undefined) return;
  throw new ReleaseError('GOLDEN_PROTECTED', `database ${String(golden['name'])} is a golden`);
}
