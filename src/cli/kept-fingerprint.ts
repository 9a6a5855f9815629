import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fingerprint, KeptFingerprint } from '../core/schema/fingerprint';
import { Sha256 } from '../core/schema/name';
import { folderStore } from '../package/store';
import type { CommandContext } from './command';
import { parseJsonFile } from './input';
import { chooseStore } from './store-choice';

/** A fingerprint from earlier, and what it is of. */
export interface Kept {
  readonly of: string;
  readonly at: string | null;
  readonly fingerprint: Fingerprint;
}

/** A file that `one-roof fingerprint` wrote, or a document of the store by its digest; undefined: the word is neither. */
export async function readKept(context: CommandContext, word: string): Promise<Kept | undefined> {
  const file = resolve(context.folder, word);
  if (await isFile(file)) {
    const { of, at, fingerprint } = parseJsonFile(file, await readFile(file, 'utf8'), KeptFingerprint);
    return { of: `${of}, ${word}`, at, fingerprint };
  }
  if (!Sha256.safeParse(word).success) return undefined;
  const document = await folderStore(chooseStore(context, 'embedded')).readDocument(word);
  return { of: `document ${word.slice(0, 12)}…`, at: null, fingerprint: Fingerprint.parse(document) };
}

/** A folder that happens to bear the name of a target is none. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false, // not there, or not to be looked at: then the word is something else
  );
}
