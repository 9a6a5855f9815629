import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sha256Of } from './sha256';

const MANIFEST = 'manifest-sha256.txt';
/** Beside the manifest; what pg_dump wrote. */
const DUMP = 'dump';

/** What a folder holds, by its manifest in the format of `sha256sum`. */
export interface SealedFolder {
  /** The SHA-256 of the manifest. */
  readonly digest: string;
  readonly files: number;
  readonly bytes: number;
}

/** A kept dump: where it is, and what is not as it was. */
export interface FoundSnapshot {
  readonly dump: string;
  /** A sentence for each file; empty: every byte is what was recorded. */
  readonly differences: readonly string[];
}

/** Writes the manifest of `dump` into a folder; what holds the data of a production is for its owner's eyes alone. */
export async function sealDump(folder: string): Promise<SealedFolder> {
  const lines: string[] = [];
  let bytes = 0;
  await chmod(folder, 0o700);
  for (const file of await filesBelow(join(folder, DUMP))) {
    await chmod(file, 0o600);
    bytes += (await stat(file)).size;
    lines.push(`${await sha256OfFile(file)}  ${relative(folder, file)}\n`);
  }
  const manifest = lines.join('');
  await writeFile(join(folder, MANIFEST), manifest, { mode: 0o600, flush: true });
  return { digest: sha256Of(manifest), files: lines.length, bytes };
}

/** Every byte of a sealed folder against its manifest, and the manifest against the digest. */
export async function checkSealed(folder: string, digest: string): Promise<FoundSnapshot> {
  const dump = join(folder, DUMP);
  const manifest = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (manifest === undefined) return { dump, differences: ['it is gone, or bears no manifest'] };
  if (sha256Of(manifest) !== digest)
    return { dump, differences: [`its manifest has SHA-256 ${sha256Of(manifest)}`] };
  const listed = new Map(manifest.split('\n').map((line) => [line.slice(66), line.slice(0, 64)]));
  listed.delete('');
  const differences: string[] = [];
  for (const file of await filesBelow(dump)) {
    const name = relative(folder, file);
    const sha256 = listed.get(name);
    if (sha256 === undefined) differences.push(`${name} is not in its manifest`);
    else if ((await sha256OfFile(file)) !== sha256) differences.push(`${name} was changed`);
    listed.delete(name);
  }
  return { dump, differences: [...differences, ...[...listed.keys()].map((name) => `${name} is gone`)] };
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Piece by piece: a dump is larger than memory. */
async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
