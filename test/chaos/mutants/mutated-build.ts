import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT } from '../../support/temporal';
import type { Mutant, Patch } from './mutants';

const run = promisify(execFile);

const COPIED = ['src', 'tools', 'sql', 'dist', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** The product built without one of its protections, in a temporary folder. Never a switch in the product itself. */
export async function buildMutant(
  mutant: Mutant,
): Promise<{ readonly folder: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'or-mutant-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    chmodSync(folder, 0o755);
    for (const name of COPIED) cpSync(join(CHECKOUT, name), join(folder, name), { recursive: true });
    symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'));
    for (const patch of mutant.patches) apply(folder, patch);
    await run(process.execPath, [join(folder, 'tools', 'build.mjs')], { cwd: folder });
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** @throws where the text is not there, or not as often as it should be: then the mutant no longer says what it did */
function apply(folder: string, { file, from, to, times = 1 }: Patch): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const found = text.split(from).length - 1;
  if (found !== times)
    throw new Error(`${file} has ${found} times, and not ${times}, what is to be taken out:\n${from}`);
  writeFileSync(
    path,
    text.replaceAll(from, () => to),
  );
}
