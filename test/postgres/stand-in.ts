import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readToolchain } from '../../src/embedded/toolchain';
import { freshDatabase, urlOf, withClient } from '../support/database';
import { endpointOf, preparedDatabase } from '../support/prepared';
import { CHECKOUT } from '../support/temporal';

const run = promisify(execFile);
const SQL = join(CHECKOUT, 'sql');
const RUN_ALL = 'prod/99_run_all.sql';
const ROLL_BACK_ALL = 'prod_rollback/99_rollback_full.sql';

/** How a script ended, and all that psql said. */
export interface ByHand {
  readonly code: number;
  readonly said: string;
}

let template: Promise<string> | undefined;

/** A fresh stand-in production whose gate is open, with the break-glass scripts of the reference package. */
export async function openStandIn() {
  template ??= loadTemplate();
  const database = await freshDatabase('stand_in', await template);
  const { host, port, user, password } = endpointOf(database, 'executor');
  const executor = `postgresql://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}`;
  const byHand =
    (file: string) =>
    (...variables: readonly string[]): Promise<ByHand> => {
      const given = [`digest=${'d'.repeat(64)}`, 'who=bruno', ...variables].flatMap((one) => ['-v', one]);
      return psql(executor, [...given, '-f', join(SQL, 'one-roof-governance', file)]);
    };
  const query = (sql: string) =>
    withClient(urlOf(database), (client) => client.query<Record<string, unknown>>(sql));
  await query(`insert into os_proposal_approvals (proposal, decision, decided_by, reason)
               values ('one-roof-governance', 'approve', 'alma', 'a test')`);
  return {
    runAll: byHand(RUN_ALL),
    rollBackAll: byHand(ROLL_BACK_ALL),
    query,
    releases: async () =>
      (await query('select id, state, outcome from one_roof.release order by opened_at')).rows,
    inEffect: async () => (await query('select tier from one_roof.in_effect order by tier')).rows.length,
  };
}

/** Loaded once for a test file; each test has a copy. */
async function loadTemplate(): Promise<string> {
  const database = await preparedDatabase();
  const files = readdirSync(join(SQL, 'directus'))
    .filter((name) => /^\d/.test(name))
    .sort()
    .flatMap((file) => ['-f', join(SQL, 'directus', file)]);
  await withClient(urlOf('postgres'), async (cluster) => {
    await cluster.query('select pg_advisory_lock(7)'); // as preparedDatabase does: the files make roles
    await psql(urlOf(database), ['-v', 'scale=0.001', ...files]);
  });
  return database;
}

async function psql(url: string, args: readonly string[]): Promise<ByHand> {
  const { bin } = readToolchain(CHECKOUT).postgres;
  try {
    const { stdout, stderr } = await run(join(bin, 'psql'), [
      '-X',
      '-d',
      url,
      '-v',
      'ON_ERROR_STOP=1',
      ...args,
    ]);
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const said = ['stdout', 'stderr'].map((name) => String(Reflect.get(Object(error), name)));
    return { code: Number(Reflect.get(Object(error), 'code')), said: said.join('') };
  }
}
