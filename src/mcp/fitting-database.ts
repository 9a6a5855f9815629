import { ReleaseError } from '../core/rules/release-error';
import type { ReleasePackage } from '../package/package';
import { oneValueIn } from '../asking/values';
import type { Bench } from './tool';

/** Is the target's database the one that the package is for? @throws WRONG_DATABASE */
export async function verifyDatabase(
  { ask }: Bench,
  target: string,
  { descriptor }: ReleasePackage,
): Promise<void> {
  const name = oneValueIn(await ask({ target, text: 'select pg_catalog.current_database()::text', rows: 1 }));
  if (String(name) === descriptor.database.name) return;
  throw new ReleaseError(
    'WRONG_DATABASE',
    `this is database ${String(name)}; the package is for ${descriptor.database.name}`,
  );
}
