import { CAPS } from '../../../src/postgres/channel/capped-read';
import { ask, askOnce } from '../../../src/postgres/channel/ask';
import type { AskOptions } from '../../../src/postgres/channel/ask';
import type { Endpoint } from '../../../src/postgres/endpoint';
import { withSession } from '../../../src/postgres/session';
import type { Session } from '../../../src/postgres/session';
import { judgeRead } from '../../../src/read-channel/judge';
import type { Question } from '../../../src/postgres/channel/question';
import { urlOf, withClient } from '../../support/database';
import { endpointFor, makeRole, readableDatabase } from './planted';

const OPTIONS = { caps: CAPS, values: 'text' } as const;
let reader: Endpoint;

beforeAll(async () => {
  reader = await readableDatabase('create table t as select 1 as id');
});

/** Of five seconds, which run from the beginning of the read. */
const WHAT_IS_LEFT: unknown = expect.stringMatching(/^[1-4]\d{3}ms$/);

describe('a read in a session of its own', () => {
  it('needs nothing prepared, and states what it stands on over what the role and the database set', async () => {
    await superuser(
      `alter role channel_reader in database ${reader.database} set search_path = evil, public`,
    );
    await superuser(`alter role channel_reader in database ${reader.database} set statement_timeout = 0`);
    await superuser(`alter database ${reader.database} set default_transaction_read_only = off`);
    await superuser(`alter database ${reader.database} set standard_conforming_strings = off`);
    await superuser(`alter database ${reader.database} set row_security = off`);
    const names = [
      'search_path',
      'statement_timeout',
      'transaction_read_only',
      'transaction_isolation',
      'standard_conforming_strings',
      'row_security',
      'jit',
      'work_mem',
      'max_parallel_workers_per_gather',
      'idle_in_transaction_session_timeout',
      'lock_timeout',
    ];
    const text = `select ${names.map((name) => `current_setting('${name}')`).join(', ')}`;
    const { rows } = await askOnce(reader, judgedHarmless(text));
    expect(rows[0]).toEqual([
      'pg_catalog,public,pg_temp',
      WHAT_IS_LEFT,
      'on',
      'repeatable read',
      'on',
      'on',
      'off',
      '8MB',
      '0',
      '10s',
      '1s',
    ]);
  });

  it('leaves no session behind', async () => {
    await once('select id from t');
    await withClient(urlOf('postgres'), async (client) => {
      for (;;) {
        const { rows } = await client.query(`select from pg_stat_activity where datname = $1`, [
          reader.database,
        ]);
        if (rows.length === 0) return;
      }
    });
  });

  it.each([
    ['superuser', 'channel_super', 'login superuser', []],
    ['createdb', 'channel_maker', 'login createdb', []],
    ['bypassrls', 'channel_bypasser', 'login bypassrls', []],
    ['a member of pg_write_all_data', 'channel_member', 'login noinherit', ['pg_write_all_data']],
    ['a member of pg_read_all_data', 'channel_all', 'login', ['pg_read_all_data', 'pg_read_all_stats']],
  ])('refuses a role that is more than a reader: %s', async (what, role, attributes, groups) => {
    await makeRole(role, attributes);
    for (const group of groups) await superuser(`grant ${group} to ${role}`);
    const asked = once('select 1', {}, endpointFor(reader.database, role));
    await expect(asked).rejects.toMatchObject({ code: 'PRIVILEGE_EXCESS' });
    await expect(asked).rejects.toThrow(what);
  });

  it('refuses a session that the database turns into another role', async () => {
    await makeRole('channel_other', 'nologin');
    await makeRole('channel_turned');
    await superuser('grant channel_other to channel_turned');
    await superuser(`alter role channel_turned in database ${reader.database} set role = channel_other`);
    await expect(once('select 1', {}, endpointFor(reader.database, 'channel_turned'))).rejects.toMatchObject({
      code: 'PRIVILEGE_EXCESS',
    });
  });

  it('ends when its caller gives up, on the server too', async () => {
    const cancelled = new AbortController();
    const text = 'select count(*) from generate_series(1, 1000000000) a, generate_series(1, 1000) b';
    const asked = once(text, { signal: cancelled.signal });
    const ended = expect(asked).rejects.toMatchObject({ code: 'ABORTED' });
    await withClient(urlOf('postgres'), async (client) => {
      const running = async (): Promise<number> =>
        (
          await client.query(
            `select from pg_stat_activity where datname = $1 and state = 'active' and query like 'select count%'`,
            [reader.database],
          )
        ).rows.length;
      while ((await running()) === 0) continue;
      cancelled.abort();
      await ended;
      while ((await running()) > 0) continue;
    });
  });
});

describe("a read in the caller's transaction", () => {
  it('leaves it as it was, settings and all, whatever becomes of the read', async () => {
    await withSession(reader, settings, async (session) => {
      await session.query('begin');
      await ask(session, await question('select id from t'), OPTIONS);
      await expect(ask(session, await question('select nonsense from t'), OPTIONS)).rejects.toMatchObject({
        code: 'STATEMENT_FAILED',
      });
      await expect(ask(session, await question('select null::t'), OPTIONS)).rejects.toMatchObject({
        code: 'QUERY_REFUSED',
      });
      const { rows } = await session.query(
        `select current_setting('transaction_read_only') as read_only, current_setting('statement_timeout') as timeout`,
      );
      expect(rows).toEqual([{ read_only: 'off', timeout: '1min' }]);
      await session.query('rollback');
    });
  });

  it('is read-only, and has the time of its caps', async () => {
    await withSession(reader, settings, async (session) => {
      await session.query('begin');
      const text = `select current_setting('transaction_read_only'), current_setting('statement_timeout')`;
      await expect(ask(session, await question(text), OPTIONS)).resolves.toMatchObject({
        rows: [['on', '5s']],
      });
      await session.query('rollback');
    });
  });

  it('sees no temporary table that was put before what it means', async () => {
    const owner = endpointFor(reader.database, 'channel_owner');
    await makeRole('channel_owner');
    await superuser(`grant select on t to channel_owner`, reader.database);
    await withSession(owner, settings, async (session: Session) => {
      await session.query('begin');
      await session.query('create temporary table t as select 2 as id');
      await expect(ask(session, await question('select id from t'), OPTIONS)).rejects.toMatchObject({
        code: 'QUERY_REFUSED',
        details: { layer: 'names' },
      });
      await session.query('rollback');
    });
  });
});

const settings = { application: 'one-roof test', lockTimeoutMs: 0, statementTimeoutMs: 60_000 };

async function question(text: string): Promise<Question> {
  const opened = { functions: [] };
  return { read: await judgeRead(text, opened), opened };
}

/** Settings that no read may ask for, asked for all the same. */
function judgedHarmless(text: string): Question {
  const names = { functions: [], operators: [], types: [], relations: [], fields: [], otherAliases: [] };
  return { read: { text, names }, opened: { functions: [] } };
}

async function once(text: string, options: AskOptions = {}, endpoint = reader) {
  return await askOnce(endpoint, await question(text), options);
}

async function superuser(sql: string, database = 'postgres'): Promise<void> {
  await withClient(urlOf(database), (client) => client.query(sql));
}
