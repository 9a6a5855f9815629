import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Peer, Place, Workshop } from './peer';
import { mustRun, runToEnd } from './process-group';
import type { Command } from './process-group';

const APT_LIMIT_MS = 600_000;
/** The driver is one of Debian's alternatives: where another database's is there, apt would not take this one along. */
const PACKAGES = ['sqitch', 'libdbd-pg-perl'];

/** Its tutorial for PostgreSQL: deploy scripts with BEGIN and COMMIT, verify scripts, `--verify`. */
export const sqitch: Peer = {
  name: 'sqitch',
  typed: 'SQITCH_PASSWORD=… sqitch deploy --verify db:pg://USER@HOST:PORT/NAME',
  install,
  version: async (workshop) => {
    const said = await mustRun({ ...inFolder(workshop, workshop.tools), args: ['--version'] });
    return said.split('v').at(-1) ?? said;
  },
  begin: async (place, first) => {
    await mustRun({ ...inFolder(place.workshop, place.folder), args: ['init', 'peers', '--engine', 'pg'] });
    await addChange(place, 'first', first);
    await mustRun(deploy(place));
  },
  add: (place, change) => addChange(place, 'second', change),
  run: (place) => deploy(place),
  adopt: (place) => deploy(place, ['--log-only']),
  isRecorded: async (database) => {
    return (await database.query(`select from sqitch.changes where change = 'second'`)).rowCount === 1;
  },
};

async function install(workshop: Workshop): Promise<void> {
  if (await isThere(workshop)) return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  const why = mayInstall ? await installWithApt(workshop).catch(String) : '';
  if (await isThere(workshop)) return;
  throw new Error(
    `sqitch is not on PATH, so there is nothing to compare with. ${why}\n` +
      `what mends it: sudo apt-get install ${PACKAGES.join(' ')}   (Debian, Ubuntu), or see https://sqitch.org/download`,
  );
}

async function isThere(workshop: Workshop): Promise<boolean> {
  try {
    await mustRun({ ...inFolder(workshop, workshop.tools), args: ['--version'] });
    return true;
  } catch {
    return false; // not on PATH
  }
}

/** Gives nothing to say where it went well. */
async function installWithApt({ tools, environment }: Workshop): Promise<string> {
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): Command => ({ program: 'apt-get', args, cwd: tools, env });
  const packages = apt('install', '-y', '-q', '--no-install-recommends', ...PACKAGES);
  if ((await runToEnd(packages, APT_LIMIT_MS)).code === 0) return '';
  await mustRun(apt('update', '-q'), APT_LIMIT_MS); // the lists may be missing or old
  await mustRun(packages, APT_LIMIT_MS);
  return '';
}

async function addChange({ workshop, folder }: Place, name: string, change: Change): Promise<void> {
  await mustRun({ ...inFolder(workshop, folder), args: ['add', name, '-n', `the ${name} change`] });
  const isWrapped = change.runs === 'in one transaction';
  const wrap = (sql: string): string => (isWrapped ? `BEGIN;\n\n${sql}\n\nCOMMIT;\n` : `${sql}\n`);
  write(join(folder, 'deploy', `${name}.sql`), wrap(change.apply));
  write(join(folder, 'verify', `${name}.sql`), `BEGIN;\n\n${change.verify}\n\nROLLBACK;\n`);
  write(join(folder, 'revert', `${name}.sql`), wrap(change.undo));
}

/** The first line, a comment that names the change, stays as `sqitch add` has made it. */
function write(file: string, sql: string): void {
  const [title = ''] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, `${title}\n\n${sql}`);
}

function deploy({ workshop, folder, database }: Place, options: readonly string[] = ['--verify']): Command {
  const url = new URL(workshop.server.url(database));
  const target = `db:pg://${url.username}@${url.host}/${database}`;
  const command = inFolder(workshop, folder);
  return {
    ...command,
    args: ['deploy', ...options, target],
    env: { ...command.env, SQITCH_PASSWORD: url.password },
  };
}

function inFolder({ environment }: Workshop, cwd: string): Omit<Command, 'args'> & { readonly args: [] } {
  const env = { ...environment, SQITCH_FULLNAME: 'Chaos Peers', SQITCH_EMAIL: 'peers@example.com' };
  return { program: 'sqitch', args: [], cwd, env };
}
