import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFromNpm, installedVersion, npmProgram } from './npm-tool';
import type { Change, Peer, Place } from './peer';
import { mustRun } from './process-group';
import type { Command } from './process-group';

const VERSION = '1.4.1';

/** Its README, "Getting started" and "Disable Transaction": written and committed in development, `migrate` in production. */
export const graphileMigrate: Peer = {
  name: 'graphile-migrate',
  typed: 'DATABASE_URL=postgresql://…/NAME graphile-migrate migrate',
  install: (workshop) => installFromNpm(workshop, 'graphile-migrate', VERSION),
  version: ({ tools }) => installedVersion(tools, 'graphile-migrate'),
  begin: async (place, first) => {
    await mustRun(inDevelopment(place, ['init']));
    await commit(place, first);
    await mustRun(migrate(place));
  },
  add: commit,
  run: migrate,
  isRecorded: async (database) => {
    const sql = `select from graphile_migrate.migrations where filename = '000002.sql'`;
    return (await database.query(sql)).rowCount === 1;
  },
};

/** In production only `migrate` is run, and it needs no other database. */
function migrate({ workshop, folder, database }: Place): Command {
  return {
    program: npmProgram(workshop.tools, 'graphile-migrate'),
    args: ['migrate'],
    cwd: folder,
    env: { ...workshop.environment, DATABASE_URL: workshop.server.url(database) },
  };
}

/** `commit` runs the change in a shadow and in a development database, both with empty tables. */
async function commit(place: Place, change: Change): Promise<void> {
  const { server } = place.workshop;
  const option = change.runs === 'outside a transaction' ? '--! no-transaction\n' : '';
  await mustRun(inDevelopment(place, ['reset', '--erase']));
  writeFileSync(join(place.folder, 'migrations', 'current.sql'), `${option}${change.apply}\n`);
  await mustRun(inDevelopment(place, ['commit']));
  await server.drop(developmentOf(place));
  await server.drop(shadowOf(place));
}

function inDevelopment(place: Place, args: readonly string[]): Command {
  const { server } = place.workshop;
  const urls = {
    DATABASE_URL: server.url(developmentOf(place)),
    SHADOW_DATABASE_URL: server.url(shadowOf(place)),
    ROOT_DATABASE_URL: server.url('postgres'),
  };
  const command = migrate(place);
  return { ...command, args, env: { ...command.env, ...urls } };
}

function developmentOf({ database }: Place): string {
  return `${database}_dev`;
}

function shadowOf({ database }: Place): string {
  return `${database}_shadow`;
}
