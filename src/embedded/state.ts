import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { canEnter, findServerUser, giveTo } from './server-user';
import type { ServerUser } from './server-user';
import { readTextIfThere, writeWholeFile } from './whole-file';

/** A socket's address has 108 bytes with its final NUL; on macOS 104. PostgreSQL adds `/.s.PGSQL.65535`. */
const LONGEST_SOCKET_PATH = 100;

/** Root of a user namespace cannot reach what the real root's server user owns: it has a state of its own. */
const MAPPED = 'mapped';

/** The folders and files of one set of embedded servers. */
export interface StateDirectory {
  readonly root: string;
  readonly logs: string;
  readonly processes: string;
  readonly secrets: string;
  readonly postgres: string;
  readonly socket: string;
  readonly temporalFile: string;
  readonly store: string;
  readonly targets: string;
  readonly serverUser: ServerUser | null;
}

/** Where a state is looked for; the environment names the per-user place. */
export interface StatePlace {
  readonly checkout: string;
  /** A state of its own beside the default one: `demo`. */
  readonly name?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The state directory, made where it is missing: `.one-roof/` in the checkout, or where the server's user could not
 * enter that or a socket's path would be too long, a per-user directory that `.one-roof/location` names.
 */
export function openState(place: StatePlace): StateDirectory {
  const user = findServerUser();
  const home = join(place.checkout, '.one-roof');
  mkdirSync(home, { recursive: true });
  const chosen = chooseRoot(place, user);
  letThrough(chosen, user);
  const root = user?.kind === 'mapped' ? join(chosen, MAPPED) : chosen;
  return makeFolders(layOut(place.name === undefined ? root : join(root, place.name), user));
}

function chooseRoot(place: StatePlace, user: ServerUser | null): string {
  const home = join(place.checkout, '.one-roof');
  const location = join(home, 'location');
  const remembered = readTextIfThere(location)?.trim();
  if (remembered !== undefined && isOurs(remembered, place.checkout) && serves(remembered, user))
    return remembered;
  if (serves(home, user)) return home;
  const elsewhere = perUserPlaces(place).find((root) => serves(root, user));
  if (elsewhere === undefined) {
    throw new ReleaseError('SETUP_INCOMPLETE', `no place for the servers' state: ${home} does not serve`, {
      hint: 'Clone into a folder with a shorter path that everybody may enter, such as /srv or /opt.',
    });
  }
  mkdirSync(elsewhere, { recursive: true });
  letThrough(dirname(elsewhere), user);
  writeWholeFile(join(elsewhere, 'checkout'), `${resolve(place.checkout)}\n`);
  writeWholeFile(location, `${elsewhere}\n`);
  return elsewhere;
}

/** A copied checkout brings the original's `location` along: its servers are not the copy's. */
function isOurs(root: string, checkout: string): boolean {
  return readTextIfThere(join(root, 'checkout'))?.trim() === resolve(checkout);
}

function serves(root: string, user: ServerUser | null): boolean {
  const longest = join(root, MAPPED, 'demo', 'postgres', 's', '.s.PGSQL.65535');
  const found = statSync(root, { throwIfNoEntry: false });
  const isForeign = found !== undefined && found.uid !== process.getuid?.();
  return !isForeign && Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH && canEnter(user, dirname(root));
}

/** Ours alone; the server's user, where it is another, may pass through but not look around. */
function letThrough(folder: string, user: ServerUser | null): void {
  const found = statSync(folder);
  if (found.uid === process.getuid?.()) chmodSync(folder, user?.kind === 'another' ? 0o711 : 0o700);
}

function perUserPlaces({ checkout, environment }: StatePlace): readonly string[] {
  const folder = createHash('sha256').update(resolve(checkout)).digest('hex').slice(0, 12);
  const uid = process.getuid?.() ?? 0;
  const state = environment['XDG_STATE_HOME'] ?? join(environment['HOME'] ?? homedir(), '.local', 'state');
  const own = uid === 0 ? [state, '/var/lib'] : [state];
  return [...own.map((base) => join(base, 'one-roof', folder)), join('/var/tmp', `one-roof-${uid}`, folder)];
}

function layOut(root: string, serverUser: ServerUser | null): StateDirectory {
  const postgres = join(root, 'postgres');
  return {
    root,
    logs: join(root, 'logs'),
    processes: join(root, 'processes'),
    secrets: join(root, 'secrets'),
    postgres,
    socket: join(postgres, 's'),
    temporalFile: join(root, 'temporal', 'temporal.db'),
    store: join(root, 'store'),
    targets: join(root, 'targets.yaml'),
    serverUser,
  };
}

/** The server's user, where it is another, has a folder of its own in ours. */
function makeFolders(state: StateDirectory): StateDirectory {
  mkdirSync(state.root, { recursive: true });
  letThrough(state.root, state.serverUser);
  const temporal = join(state.root, 'temporal');
  for (const folder of [state.logs, state.processes, state.secrets, state.store, temporal]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  for (const folder of [state.postgres, state.socket]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    giveTo(state.serverUser, folder);
  }
  return state;
}

/** A password of 256 random bits, made once and kept in a file that only we can read. */
export function secret(state: StateDirectory, name: string): string {
  const file = join(state.secrets, name);
  const kept = readTextIfThere(file)?.trim();
  if (kept !== undefined && kept !== '') return kept;
  const made = randomBytes(32).toString('hex');
  writeWholeFile(file, `${made}\n`);
  return made;
}

/** Has a state been made there? Asking makes none. */
export function hasState({ checkout, name }: StatePlace): boolean {
  const home = join(checkout, '.one-roof');
  const chosen = readTextIfThere(join(home, 'location'))?.trim() ?? home;
  const root = findServerUser()?.kind === 'mapped' ? join(chosen, MAPPED) : chosen;
  return existsSync(join(name === undefined ? root : join(root, name), 'processes'));
}
