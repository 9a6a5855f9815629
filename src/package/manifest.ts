import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { FindingKind } from './finding';
import { byBytes, readFolder } from './folder';
import type { PackageFiles } from './folder';
import { sha256Of } from './sha256';

export const MANIFEST_FILE = 'manifest-sha256.txt';

/** What a manifest says: the SHA-256 of each path, and the lines that say nothing or say it twice. */
export interface Manifest {
  readonly text: string;
  readonly sha256: ReadonlyMap<string, string>;
  readonly problems: readonly ManifestProblem[];
}

export interface ManifestProblem {
  readonly line: number;
  readonly path: string;
  readonly kind: Extract<FindingKind, 'malformed line' | 'duplicate line'>;
}

/** The manifest of all files but itself, in the format of `sha256sum`, sorted by path. */
export function manifestOf(files: PackageFiles): string {
  return [...files.keys()]
    .filter((path) => path !== MANIFEST_FILE)
    .sort(byBytes)
    .map((path) => `${sha256Of(files.get(path) ?? '')}  ${path}\n`)
    .join('');
}

/** Reads what `sha256sum` writes, in text (two spaces) or binary mode (` *`). It never throws: problems are data. */
export function parseManifest(text: string): Manifest {
  const sha256 = new Map<string, string>();
  const problems: ManifestProblem[] = [];
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  for (const [index, line] of text === '' ? [] : lines.entries()) {
    const [, hash, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (hash === undefined || path === undefined) {
      problems.push({ line: index + 1, path: MANIFEST_FILE, kind: 'malformed line' });
    } else if (sha256.has(path)) {
      problems.push({ line: index + 1, path, kind: 'duplicate line' });
    } else {
      sha256.set(path, hash);
    }
  }
  return { text, sha256, problems };
}

/** The digest that names a package: `LC_ALL=C sort manifest-sha256.txt | sha256sum`, whole lines by their bytes. */
export function digestOf(manifest: Uint8Array | string): string {
  const sorted = sortedLatin1(Buffer.from(manifest)).map((line) => `${line}\n`);
  return sha256Of(Buffer.from(sorted.join(''), 'latin1'));
}

/** Its lines as `LC_ALL=C sort` orders them: with a line feed after each, their SHA-256 is the digest. */
export function manifestLines(text: string): readonly string[] {
  return sortedLatin1(Buffer.from(text)).map((line) => Buffer.from(line, 'latin1').toString('utf8'));
}

/** In latin1 a character is a byte, so JavaScript's own order is that of the C locale. */
function sortedLatin1(manifest: Buffer): string[] {
  const lines = manifest.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.sort();
}

/** Writes the manifest of a folder as it is now, and says its digest. What no manifest can name is refused. */
export async function writeManifest(root: string): Promise<{ digest: string; files: number }> {
  const { files, oddities } = await readFolder(root);
  const unnameable = [...files.keys()].filter((path) => /[\\\p{Cc}\uFFFD]/u.test(path));
  const refused = [...oddities.map((odd) => `${odd.path} ${odd.message}`), ...unnameable];
  if (refused.length > 0) {
    throw new ReleaseError('MANIFEST_MISMATCH', `no manifest can stand for: ${refused.join('; ')}`, {
      hint: 'Replace links by the files that they mean, and give files plain names.',
    });
  }
  const text = manifestOf(files);
  const draft = join(root, `${MANIFEST_FILE}.${process.pid}.new`);
  await writeFile(draft, text);
  await rename(draft, join(root, MANIFEST_FILE));
  return { digest: digestOf(text), files: parseManifest(text).sha256.size };
}
