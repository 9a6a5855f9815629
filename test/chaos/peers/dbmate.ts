import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFromNpm, npmProgram } from './npm-tool';
import type { Change, Peer, Place } from './peer';
import { mustRun } from './process-group';
import type { Command } from './process-group';

const VERSION = '2.36.0';
const SECOND = '20240101000002';

/** Its README, "Running Migrations" and "Migration Options". */
export const dbmate: Peer = {
  name: 'dbmate',
  typed: 'DATABASE_URL=postgresql://…/NAME?sslmode=disable dbmate up',
  install: (workshop) => installFromNpm(workshop, 'dbmate', VERSION),
  version: async ({ tools, environment }) => {
    const program = npmProgram(tools, 'dbmate');
    const said = await mustRun({ program, args: ['--version'], cwd: tools, env: environment });
    return said.split(' ').at(-1) ?? said;
  },
  begin: async (place, first) => {
    mkdirSync(join(place.folder, 'db', 'migrations'), { recursive: true });
    write(place, '20240101000001_first.sql', first);
    await mustRun(up(place));
  },
  add: async (place, change) => {
    write(place, `${SECOND}_second.sql`, change);
    await Promise.resolve();
  },
  run: up,
  isRecorded: async (database) => {
    const found = await database.query('select from schema_migrations where version = $1', [SECOND]);
    return found.rowCount === 1;
  },
};

function up({ workshop, folder, database }: Place): Command {
  return {
    program: npmProgram(workshop.tools, 'dbmate'),
    args: ['up'],
    cwd: folder,
    env: { ...workshop.environment, DATABASE_URL: `${workshop.server.url(database)}?sslmode=disable` },
  };
}

function write({ folder }: Place, name: string, change: Change): void {
  const option = change.runs === 'outside a transaction' ? ' transaction:false' : '';
  const text = `-- migrate:up${option}\n${change.apply}\n\n-- migrate:down\n${change.undo}\n`;
  writeFileSync(join(folder, 'db', 'migrations', name), text);
}
