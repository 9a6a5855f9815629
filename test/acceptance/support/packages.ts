import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeManifest } from '../../../src/package/manifest';
import { sha256Of } from '../../../src/package/sha256';
import { REFERENCE, TIERS } from './workflows';

const BREAK_GLASS = ['prod/99_run_all.sql', 'prod_rollback/99_rollback_full.sql'];
const SLOW_SECONDS = 1.5;

/** The reference package, each tier of which ends with a statement that takes a while where the condition holds. */
export async function slowReference(where: string, tiers: readonly string[] = TIERS): Promise<string> {
  const folder = await temporaryFolder();
  await cp(REFERENCE, folder, { recursive: true });
  for (const tier of tiers) {
    const file = join(folder, 'prod', `${tier}.sql`);
    const before = await readFile(file, 'utf8');
    const after = `${before}\nselect pg_sleep(${SLOW_SECONDS}) where ${where};\n`;
    await writeFile(file, after);
    await nameInBreakGlass(folder, sha256Of(before), sha256Of(after));
  }
  await writeManifest(folder);
  return folder;
}

/** A package of such files: text by path; the manifest is made. */
export async function packageOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await writeManifest(folder);
  return folder;
}

async function nameInBreakGlass(folder: string, before: string, after: string): Promise<void> {
  for (const path of BREAK_GLASS) {
    const text = await readFile(join(folder, path), 'utf8');
    await writeFile(join(folder, path), text.replaceAll(before, after));
  }
}

const made: string[] = [];

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'one-roof-package-'));
  made.push(folder);
  return folder;
}
