import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPackage } from '../../../src/package/package';
import { PRODUCTION } from './greenfield';
import { REFERENCE } from './workflows';
import type { World } from './world';

const run = promisify(execFile);

/** By hand, without One-Roof: plain psql as the executor's role. @returns what psql printed */
export async function byHand(world: World, file: string): Promise<string> {
  const { digest } = (await openPackage(REFERENCE)).ref;
  const { postgres, pgpass } = world.addresses;
  const at = ['-h', postgres.host, '-p', String(postgres.port), '-U', 'one_roof_executor', '-d', PRODUCTION];
  const args = ['-X', '-w', ...at, '-v', `digest=${digest}`, '-v', 'who=bruno', '-f', join(REFERENCE, file)];
  const { stdout } = await run(join(world.bin, 'psql'), args, {
    env: { ...process.env, PGPASSFILE: pgpass },
  });
  return stdout;
}

export const RUN_ALL = 'prod/99_run_all.sql';
export const ROLL_BACK_ALL = 'prod_rollback/99_rollback_full.sql';
