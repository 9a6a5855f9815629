import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { readBounded } from '../evidence/bounded-file';
import { MOST_BYTES, readChain } from '../evidence/chain-file';
import type { Chain } from '../evidence/chain-file';
import { parseEvidenceName } from '../evidence/evidence-name';
import { contentOf, rehearsalsOf } from '../evidence/verification';
import type { CommandContext } from './command';
import { knownStore } from './kept-outcome';

/** The fingerprint of a large database has some hundred megabytes. */
const MOST_DOCUMENT_BYTES = 1024 * 1024 * 1024;

/** A file of evidence, and where what it names may lie. */
export interface FoundEvidence {
  readonly path: string;
  readonly name: string;
  readonly bytes: Buffer;
  /** Why there are none. */
  readonly unread?: string;
  /** Does it lie in a folder of evidence, where a name is a promise? */
  readonly isNamed: boolean;
}

/** Evidence as it was asked for. `of`: whose, where a workflow was asked for. */
export interface FoundPlace {
  readonly files: readonly FoundEvidence[];
  readonly of: string | null;
}

/**
 * What is meant: files, folders (of evidence, of a whole store, of an export), or the evidence of a workflow in the store, by its
 * id, its short id, or the beginning of a head; the whole store where nothing is named.
 * @throws REFERENCE_UNKNOWN, CONFIG_MISSING where no store is known here
 */
export async function findEvidence(context: CommandContext, what: readonly string[]): Promise<FoundPlace> {
  if (what.length === 0) return { files: await inFolder(storeFolder(context)), of: null };
  const found = await Promise.all(what.map((each) => findOne(context, each)));
  const ids = found.map(({ of }) => of);
  const byPath = new Map(found.flatMap(({ files }) => files.map((file) => [file.path, file] as const)));
  return { files: [...byPath.values()], of: ids.length === 1 ? (ids[0] ?? null) : null };
}

/** A chain as it lies there, whoever signed it: to see what it says of itself, never to believe it. */
export function unverified(file: FoundEvidence): Chain {
  return readChain(contentOf(file), new Map());
}

/** A document of the store that the evidence lies in; undefined where there is none. */
export async function readDocumentNear({ path }: FoundEvidence, sha256: string): Promise<Buffer | undefined> {
  const folder = dirname(path);
  for (const near of [join(folder, 'documents'), join(folder, '..', 'documents')]) {
    const bytes = await readBounded(join(near, `${sha256}.json`), MOST_DOCUMENT_BYTES);
    if (Buffer.isBuffer(bytes)) return bytes;
  }
  return undefined;
}

async function findOne(context: CommandContext, what: string): Promise<FoundPlace> {
  const path = resolve(context.folder, what);
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true) return { files: await inFolder(path), of: null };
  if (there?.isFile() === true) return { files: [await fileAt(path, false)], of: null };
  return await inStore(context, what);
}

/** With the rehearsals that it names. */
async function inStore(context: CommandContext, reference: string): Promise<FoundPlace> {
  const all = await inFolder(storeFolder(context));
  const mine = all.filter(({ name }) => isMeant(name, reference));
  const [first] = mine;
  if (first === undefined)
    throw new ReleaseError(
      'REFERENCE_UNKNOWN',
      `${reference} is no file, no folder, and no evidence in the store`,
      {
        hint: '`one-roof evidence list` shows what the store has.',
      },
    );
  const named = new Set(mine.flatMap((file) => rehearsalsOf(unverified(file))));
  const rehearsals = all.filter(({ name }) => named.has(parseEvidenceName(name)?.head ?? ''));
  return { files: [...new Set([...mine, ...rehearsals])], of: parseEvidenceName(first.name)?.id ?? null };
}

function isMeant(name: string, reference: string): boolean {
  const { id, head } = parseEvidenceName(name) ?? { id: '', head: '' };
  const isShort = /^[a-z0-9]{6}$/.test(reference) && id.endsWith(`-${reference}`);
  return id === reference || isShort || (/^[0-9a-f]{8,64}$/.test(reference) && head.startsWith(reference));
}

/** A store has its evidence in a folder of that name; keys, documents and what is being written are none. */
async function inFolder(folder: string): Promise<readonly FoundEvidence[]> {
  const below = join(folder, 'evidence');
  const isStore = await stat(below).then(
    (there) => there.isDirectory(),
    () => false,
  );
  const place = isStore ? below : folder;
  const entries = await readdir(place).catch((cause: unknown) => {
    throw new ReleaseError('USAGE', `${place} cannot be read`, { cause });
  });
  const names = entries.filter((name) => /^[^.].*\.jsonl?$/.test(name)).sort();
  return Promise.all(names.map((name) => fileAt(join(place, name), true)));
}

async function fileAt(path: string, isNamed: boolean): Promise<FoundEvidence> {
  const read = await readBounded(path, MOST_BYTES);
  const content = Buffer.isBuffer(read) ? { bytes: read } : { bytes: Buffer.alloc(0), ...read };
  return { path, name: basename(path), ...content, isNamed };
}

function storeFolder(context: CommandContext): string {
  const store = knownStore(context);
  if (store !== undefined) return store;
  throw new ReleaseError('CONFIG_MISSING', 'no store is known here', {
    hint: 'Name the folder or the files of the evidence, or set ONE_ROOF_STORE to the folder of the store.',
  });
}
