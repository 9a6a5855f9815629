import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { Finding } from './finding';

/** A release is text that people review; a folder beyond this is the wrong folder. */
export const PACKAGE_BYTES_MAX = 64 * 1024 * 1024;
const PACKAGE_FILES_MAX = 10_000;

/** Path inside the package → bytes, in the byte order of the paths. */
export type PackageFiles = ReadonlyMap<string, Buffer>;

/** A folder in memory: its regular files, and whatever else lies in it as findings. */
export interface Folder {
  readonly files: PackageFiles;
  readonly oddities: readonly Finding[];
}

/**
 * Reads a whole folder once, so that all later work is on these bytes. Symlinks are never followed.
 * @throws ReleaseError PACKAGE_MISSING where there is no folder, or where it is too large to be a package
 */
export async function readFolder(root: string): Promise<Folder> {
  const oddities: Finding[] = [];
  const paths: string[] = [];
  for await (const { path, entry } of entriesBelow(root, '')) {
    if (entry.isFile()) paths.push(path);
    else oddities.push(oddityOf(path, entry));
    if (paths.length + oddities.length > PACKAGE_FILES_MAX)
      throw tooLarge(root, `${PACKAGE_FILES_MAX} files`);
  }
  const files = new Map<string, Buffer>();
  let room = PACKAGE_BYTES_MAX;
  for (const path of paths.sort(byBytes)) {
    const { bytes, links } = await readRegular(root, path, room);
    room -= bytes.length;
    files.set(path, bytes);
    if (links > 1) oddities.push(hardLink(path, links));
  }
  return { files, oddities };
}

/** The order of `LC_ALL=C sort`, which that of JavaScript's strings is not. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

interface Entry {
  readonly path: string;
  readonly entry: Dirent;
}

async function* entriesBelow(root: string, below: string): AsyncGenerator<Entry> {
  for (const entry of await entriesOf(root, below)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* entriesBelow(root, path);
    else yield { path, entry };
  }
}

async function entriesOf(root: string, below: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(join(root, below), { withFileTypes: true });
  } catch (cause) {
    throw new ReleaseError('PACKAGE_MISSING', `${join(root, below)} cannot be read as a folder`, { cause });
  }
}

/** Opens without following a link and without waiting for a pipe's writer, and looks again at what it has opened. */
async function readRegular(root: string, path: string, room: number) {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(root, path), flags).catch((cause: unknown) => {
    throw new ReleaseError('PACKAGE_MISSING', `${join(root, path)} cannot be read`, { cause });
  });
  try {
    const { size, nlink } = await file.stat();
    if (size > room) throw tooLarge(root, `${PACKAGE_BYTES_MAX / 1024 / 1024} MiB`);
    return { bytes: await file.readFile(), links: nlink };
  } finally {
    await file.close();
  }
}

function tooLarge(root: string, limit: string): ReleaseError {
  return new ReleaseError('PACKAGE_MISSING', `${root} holds more than ${limit}: it is no release package`);
}

function oddityOf(path: string, entry: Dirent): Finding {
  return entry.isSymbolicLink()
    ? { path, kind: 'symlink', message: 'is a symbolic link; a package holds regular files only' }
    : { path, kind: 'special file', message: 'is neither a file nor a folder' };
}

function hardLink(path: string, links: number): Finding {
  return { path, kind: 'hard link', message: `has ${links} names: it can be changed through another one` };
}
