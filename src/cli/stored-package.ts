import { resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { PackageRef, ReleasePlan } from '../core/schema/plan';
import { openPackage } from '../package/package';
import type { ReleasePackage } from '../package/package';
import { planOf } from '../package/plan';
import { folderStore } from '../package/store';
import type { CommandContext } from './command';
import type { ServerChoice } from './server-choice';
import { chooseStore } from './store-choice';

/** A package that was released before, in which scope, and where else its bytes are, if the store has lost them. */
export interface EarlierPackage {
  readonly package: PackageRef;
  readonly scope: string;
  readonly folder: string | undefined;
  readonly origin: ServerChoice['origin'];
}

/**
 * The plan of exactly the bytes that were released, from the store; from a folder they are put there first.
 * @throws PACKAGE_NOT_STORED, MANIFEST_MISMATCH where the folder holds other bytes
 */
export async function storedPlan(context: CommandContext, earlier: EarlierPackage): Promise<ReleasePlan> {
  const { package: ref, folder, scope } = earlier;
  const store = folderStore(chooseStore(context, earlier.origin));
  if (folder !== undefined) {
    const pkg = await openPackage(resolve(context.folder, folder));
    verifySameBytes(folder, pkg, ref);
    await store.putPackage(pkg.files);
  }
  try {
    return await planOf(await store.readPackage(ref.digest), scope);
  } catch (error) {
    throw isNotStored(error) ? notStored(ref, error) : error;
  }
}

function verifySameBytes(folder: string, { ref: found }: ReleasePackage, wanted: PackageRef): void {
  if (found.digest === wanted.digest) return;
  throw new ReleaseError(
    'MANIFEST_MISMATCH',
    `${folder} holds ${found.name} ${found.version}, digest ${found.digest}; released was ${wanted.name} ${wanted.version}, digest ${wanted.digest}`,
    {
      hint: 'Check out the version that was released; `one-roof package digest FOLDER` tells what a folder holds.',
    },
  );
}

function notStored(ref: PackageRef, cause: unknown): ReleaseError {
  return new ReleaseError(
    'PACKAGE_NOT_STORED',
    `the store has no package ${ref.name} ${ref.version}, digest ${ref.digest}`,
    {
      hint: 'Run the same command with `--package FOLDER`, the folder of exactly these bytes: it stores them for the workers. `one-roof package digest FOLDER` tells what a folder holds.',
      cause,
    },
  );
}

function isNotStored(error: unknown): boolean {
  return error instanceof ReleaseError && error.code === 'PACKAGE_NOT_STORED';
}
