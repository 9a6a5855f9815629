import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { DESCRIPTOR_FILE } from './descriptor';

const KEY = /^lastEditor:.*$/m;

/** Writes into the descriptor who has changed the package; every other byte of it stays. @throws PACKAGE_MISSING */
export async function writeLastEditor(root: string, who: string): Promise<void> {
  const file = join(root, DESCRIPTOR_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ReleaseError('PACKAGE_MISSING', `${root} holds no ${DESCRIPTOR_FILE}`, { cause });
  });
  const line = `lastEditor: ${who}`;
  const ending = text === '' || text.endsWith('\n') ? '' : '\n';
  await writeFile(file, KEY.test(text) ? text.replace(KEY, line) : `${text}${ending}${line}\n`);
}
