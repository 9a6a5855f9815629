import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Who runs PostgreSQL where we are root, for it refuses to run as root. another: a user of the system. mapped: we are the
 * root of a user namespace that has nobody else (`unshare -r`), so it runs in a nested one, in which we have another number.
 */
export type ServerUser =
  | { readonly kind: 'another'; readonly name: string; readonly uid: number; readonly gid: number }
  | { readonly kind: 'mapped' };

/** How a program is started as that user; the pid is the program's own in every case. */
export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly as: { readonly uid?: number; readonly gid?: number };
}

/** `postgres`, else `nobody`; null where we are not root, and the server runs as ourselves. */
export function findServerUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid === undefined || gid === undefined) continue;
    if (spawnSync('true', [], { uid, gid }).status === 0) return { kind: 'another', name, uid, gid };
  }
  return { kind: 'mapped' };
}

/** Wraps a command so that it runs as the server's user. */
export function invocationAs(user: ServerUser | null, command: string, args: readonly string[]): Invocation {
  if (user === null) return { command, args, as: {} };
  if (user.kind === 'another') return { command, args, as: { uid: user.uid, gid: user.gid } };
  const nested = ['--user', '--map-user=1000', '--map-group=1000', '--', command, ...args];
  return { command: 'unshare', args: nested, as: {} };
}

/** Can the user enter this folder, coming from the root? Folders that do not exist yet count as open. */
export function canEnter(user: ServerUser | null, folder: string): boolean {
  if (user?.kind !== 'another') return true;
  const parent = dirname(folder);
  if (parent !== folder && !canEnter(user, parent)) return false;
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return true;
  const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001;
  return (found.mode & bit) !== 0;
}

/** Gives a file or folder to the user who runs the server, where it is another. */
export function giveTo(user: ServerUser | null, path: string): void {
  if (user?.kind === 'another') chownSync(path, user.uid, user.gid);
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(
      execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined; // there is no such user here
  }
}
