import { resolve } from 'node:path';
import type { ReleasePlan } from '../core/schema/plan';
import { openPackage } from '../package/package';
import { planOf } from '../package/plan';
import { folderStore } from '../package/store';
import type { CommandContext } from './command';
import type { ServerChoice } from './server-choice';
import { chooseStore } from './store-choice';

/** Which package, in which scope, for the workers of which server. */
export interface PackageToStore {
  readonly folder: string;
  readonly scope: string;
  readonly origin: ServerChoice['origin'];
}

/**
 * Puts a package where the workers read it, after all that it would execute was parsed.
 * @throws PACKAGE_MISSING, MANIFEST_MISMATCH, DESCRIPTOR_INVALID, SQL_REFUSED, SCOPE_UNKNOWN
 */
export async function storePackage(
  context: CommandContext,
  { folder, scope, origin }: PackageToStore,
): Promise<ReleasePlan> {
  const pkg = await openPackage(resolve(context.folder, folder));
  const plan = await planOf(pkg, scope);
  await folderStore(chooseStore(context, origin)).putPackage(pkg.files);
  return plan;
}
