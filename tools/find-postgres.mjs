import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { SetupError } from './progress.mjs';
import { attempt } from './run-program.mjs';
import { userCache } from './user-cache.mjs';

/** All that One-Roof runs of PostgreSQL, and all from one folder, so that their versions agree. */
export const PROGRAMS = ['initdb', 'pg_ctl', 'postgres', 'pg_dump', 'pg_restore', 'psql'];
const OLDEST = 14;
const NEWEST = 18;

/** Folders whose children hold a `bin` each: Debian, PGDG for Fedora, Homebrew, Postgres.app. */
const VERSIONED = [
  { folder: '/usr/lib/postgresql', name: /^\d+$/ },
  { folder: '/usr', name: /^pgsql-\d+$/ },
  { folder: '/opt/homebrew/opt', name: /^postgresql(@\d+)?$/ },
  { folder: '/usr/local/opt', name: /^postgresql(@\d+)?$/ },
  { folder: '/home/linuxbrew/.linuxbrew/opt', name: /^postgresql(@\d+)?$/ },
  { folder: '/Applications/Postgres.app/Contents/Versions', name: /^\d+$/ },
];

/**
 * The folder of PostgreSQL 14–18 programs: ONE_ROOF_PG_BIN → PATH → pg_config → the usual places → the per-user cache.
 * null where there is none; `looked` then says where it was looked for and what was wrong there.
 */
export async function findPostgres({
  environment = process.env,
  versioned = VERSIONED,
  user,
  looked = [],
} = {}) {
  const named = environment.ONE_ROOF_PG_BIN;
  if (named) {
    const found = await describe(named, user, looked);
    if (found !== null) return found;
    throw new SetupError(`ONE_ROOF_PG_BIN is ${named}, which does not do`, {
      looked,
      mend: [
        'unset ONE_ROOF_PG_BIN, or let it name a folder with initdb, postgres, pg_dump and psql of PostgreSQL 14–18',
      ],
    });
  }
  for (const folder of await candidates(environment, versioned)) {
    const found = await describe(folder, user, looked);
    if (found !== null) return found;
  }
  return null;
}

/** What to type where nothing was found. */
export function missing(looked) {
  return new SetupError(`there is no PostgreSQL ${OLDEST}–${NEWEST} with ${PROGRAMS.join(', ')}`, {
    looked,
    mend: [
      'Debian, Ubuntu, WSL: sudo apt-get install postgresql',
      'Fedora, RHEL:        sudo dnf install postgresql-server postgresql',
      'macOS:               brew install postgresql@17',
      'elsewhere:           ONE_ROOF_PG_BIN=/folder/with/the/programs npm run setup',
    ],
  });
}

async function candidates(environment, versioned) {
  const path = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = await Promise.all(path.map(homeOfInitdb));
  const config = await attempt('pg_config', ['--bindir'], { env: environment });
  const usual = await Promise.all(versioned.map(versionsIn));
  const cached = await versionsIn({ folder: join(userCache(environment), 'postgresql'), name: /^\d+$/ });
  const all = [...onPath, config.code === 0 ? config.output : null, ...usual.flat(), ...cached];
  return [...new Set(all.filter((folder) => folder !== null))];
}

/** A link to initdb on PATH leads to the folder where the other programs and their files are. */
async function homeOfInitdb(folder) {
  try {
    return dirname(await realpath(join(folder, 'initdb')));
  } catch {
    return null; // not in this folder
  }
}

async function versionsIn({ folder, name }) {
  const names = await readdir(folder).catch(() => []); // not this platform's place
  const number = (text) => Number(/\d+/.exec(text)?.[0] ?? 0);
  return names
    .filter((each) => name.test(each))
    .sort((a, b) => number(b) - number(a))
    .map((each) => join(folder, each, 'bin'));
}

async function describe(bin, user, looked) {
  const absent = await Promise.all(PROGRAMS.map((program) => lacks(join(bin, program))));
  const gone = PROGRAMS.filter((_, index) => absent[index]);
  if (gone.length > 0) return refuse(`${bin}: lacks ${gone.join(', ')}`);
  const { code, output } = await attempt(join(bin, 'postgres'), ['--version'], { timeoutMs: 30_000 });
  const version = /(\d+)(\.\d+|beta\d+|rc\d+)/.exec(output)?.[0];
  if (code !== 0 || version === undefined)
    return refuse(`${bin}: postgres does not run (${output.split('\n')[0]})`);
  const major = Number.parseInt(version, 10);
  if (major < OLDEST || major > NEWEST) return refuse(`${bin}: is ${version}, not ${OLDEST} to ${NEWEST}`);
  const shut = user === undefined ? null : await shutFor(user, bin);
  if (shut !== null)
    return refuse(`${bin}: the user ${user.name}, who must run the server, cannot enter ${shut}`);
  return { bin, version };

  function refuse(why) {
    looked.push(why);
    return null;
  }
}

async function lacks(file) {
  try {
    await access(file, constants.X_OK);
    return false;
  } catch {
    return true;
  }
}

/** The topmost folder on the way that a user cannot enter; null where the way is open. */
async function shutFor(user, folder) {
  const parent = dirname(folder);
  const above = parent === folder ? null : await shutFor(user, parent);
  if (above !== null) return above;
  const { mode, uid, gid } = await stat(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & bit) === 0 ? folder : null;
}
