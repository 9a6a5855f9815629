import { resolveMasking } from '../../src/core/rules/resolve-masking';
import type { Masking } from '../../src/core/schema/masking';
import { faultOfExpression } from '../../src/package/mask-expression';
import { createMarked } from '../../src/postgres/clone/create';
import { openClone } from '../../src/postgres/clone/open';
import { readColumns } from '../../src/postgres/mask/columns';
import { maskTables } from '../../src/postgres/mask/mask';
import { withSession } from '../../src/postgres/session';
import type { Session } from '../../src/postgres/session';
import { compareFingerprints } from '../../src/core/rules/compare-fingerprints';
import { execute, fingerprintOf } from '../fingerprint/subject';
import { cutOff } from '../postgres/batch/backfill';
import { freshDatabase, urlOf, withClient } from '../support/database';
import { SHAPE, atHost, superuserOf, unmade } from './made';
import { left } from './old-values';

const USERS = `
create table users (id int primary key, email text unique, phone text, seen int default 0);
insert into users select n, 'user' || n || '@secret.example', '555-' || n from generate_series(1, 200) n;
create table log (id int, old text);
create function keep_history() returns trigger language plpgsql as
  $$ begin insert into log values (old.id, old.email); new.seen := old.seen + 1; return new; end $$;
create trigger history before update on users for each row execute function keep_history();
alter table users enable always trigger history;
create trigger sleeping before update on users for each row execute function keep_history();
alter table users disable trigger sleeping;
create table events (id int, email text) partition by range (id);
create table events_low partition of events for values from (0) to (100);
create table events_high partition of events for values from (100) to (1000);
insert into events select id, email from users;
create table letters (id int primary key, email text references users (email) on update cascade);
insert into letters select id, email from users;
create function raises(v text) returns text language plpgsql as $$ begin raise exception 'bad %', v; end $$;
create function all_phones() returns setof text language plpgsql as $$ begin return query select phone from public.users; end $$;
create materialized view phones as select all_phones() as phone;
create materialized view addresses as select email from users;
create materialized view domains as select split_part(email, '@', 2) as domain from addresses`;

const MASKING: Masking = {
  sensitive: ['public.users.phone', 'public.users.email', 'public.events.email'],
  columns: {
    'public.users.phone': 'null',
    'public.events.email': { sql: `'user' || id || '@example.org'` },
    '*.users.email': { sql: `'user' || id || '@example.org' -- for tests` },
  },
};

describe('masking', () => {
  it('leaves no old value: not in rows, copies, statistics or dead rows, and changes nothing else', async () => {
    const database = await filled();
    await execute(database, 'analyze');
    const before = await fingerprintOf(database);
    await expect(mask(database, MASKING)).resolves.toEqual([
      { column: 'public.events.email', rows: 200 },
      { column: 'public.users.email', rows: 200 },
      { column: 'public.users.phone', rows: 200 },
    ]);
    const { differences } = compareFingerprints(before, await fingerprintOf(database));
    expect([...differences].sort()).toEqual([
      'rows of public.addresses differ (200 rows each)',
      'rows of public.domains differ (200 rows each)',
      'rows of public.events_high differ (101 rows each)',
      'rows of public.events_low differ (99 rows each)',
      'rows of public.letters differ (200 rows each)',
      'rows of public.phones differ (200 rows each)',
      'rows of public.users differ (200 rows each)',
    ]);
    expect(await left(database)).toEqual([]);
  });

  it.each(['before', 'behind'] as const)(
    'whose connection is cut %s any statement masks each table once',
    async (when) => {
      let cuts = 0;
      for (let at = 1; ; at += 4) {
        const database = await filled();
        let seen = 0;
        const cut = mask(database, MASKING, (session, query) => async (sql, values) => {
          seen += 1;
          if (seen === at && when === 'before') cutOff(session);
          const answer = await query(sql, values);
          if (seen === at && when === 'behind') cutOff(session);
          return answer;
        });
        const isCut = await cut.then(
          () => false,
          () => true,
        );
        await mask(database, MASKING);
        expect(await left(database)).toEqual([]);
        if (!isCut) break;
        cuts += 1;
      }
      expect(cuts).toBeGreaterThan(5);
    },
  );

  it.each([
    ['whoever has a snapshot of the clone', 'in it', 'select count(*) from pg_class'],
    ['whoever writes anywhere in the cluster', 'elsewhere', 'select pg_current_xact_id()'],
  ])('waits for %s, which would keep the old values in its files', async (_, where, does) => {
    const database = await filled();
    await withClient(urlOf(where === 'in it' ? database : 'postgres'), async (other) => {
      await other.query('begin isolation level repeatable read');
      await other.query(does);
      const masked = mask(database, MASKING);
      const asks = `select query_start::text as at from pg_stat_activity where datname = current_database() and application_name = 'one-roof masks clone' and query ~ 'holds_back or who'`;
      await withClient(urlOf(database), async (onlooker) => {
        const isMasked = masked.then(() => true);
        const asked = new Set<unknown>();
        do for (const { at } of (await onlooker.query<{ at: string }>(asks)).rows) asked.add(at);
        while (
          asked.size < 12 && // more often than there are files to be written anew: it waits
          !(await Promise.race([isMasked, new Promise((resolve) => setTimeout(resolve, 5))]))
        );
      });
      await other.query('commit');
      await masked;
    });
    expect(await left(database)).toEqual([]);
  });

  it.each([
    [
      'a sensitive column without a rule',
      { 'public.users.phone': 'null' },
      /public\.users\.email has no rule/,
    ],
    [
      'a rule for a column that was renamed',
      { ...MASKING.columns, 'public.users.mail': 'null' },
      /public\.users\.mail: there is no such column/,
    ],
  ] as const)('refuses %s', async (_, columns, problem) => {
    const found = await inside(await filled(), readColumns);
    const { problems } = resolveMasking({ ...MASKING, columns }, found);
    expect(problems.join('; ')).toMatch(problem);
  });

  it.each([
    [
      'that gives back what was there',
      { sql: 'lower(email)' },
      /email: 200 of 200 values are what they were/,
    ],
    ['that keeps some', { sql: `case when id = 7 then email else id::text end` }, /email: 1 of 200 values/],
    [
      'that breaks a constraint',
      { sql: `'nobody'` },
      /public\.users\.email: duplicate key value.*\n.*users_email_key/,
    ],
    [
      'whose function tells a row',
      { sql: `raises(email)` },
      /public\.users\.email: SQLSTATE P0001; the server's words may quote a row$/,
    ],
    [
      'that does not run',
      { sql: 'no_such_column' },
      /public\.users\.email: column "no_such_column" does not exist/,
    ],
  ] as const)('fails by a rule %s, and leaves all as it was', async (_, rule, words) => {
    const database = await filled();
    const before = await fingerprintOf(database);
    const masked = mask(database, { sensitive: [], columns: { 'public.users.email': rule } });
    await expect(masked).rejects.toMatchObject({ code: 'MASK_FAILED' });
    await expect(masked).rejects.toThrow(words);
    expect(compareFingerprints(before, await fingerprintOf(database)).differences).toEqual([]);
  });

  it('lets some values through where the rule says why', async () => {
    const rule = {
      sql: `case when id = 7 then email else id::text end`,
      mayKeep: 'user 7 is a test account',
    };
    const masked = mask(await filled(), { sensitive: [], columns: { 'public.users.email': rule } });
    await expect(masked).resolves.toEqual([{ column: 'public.users.email', rows: 200 }]);
  });

  it.each([
    '1); drop table users; select (1',
    '1), (2',
    '1) from users where (true',
    '1) union select (2',
    '1 +',
  ])('takes one expression for a rule, not %s', async (sql) => {
    expect(await faultOfExpression(sql)).toEqual(expect.any(String));
    expect(await faultOfExpression(`md5(email || 'salt') -- a comment`)).toBeUndefined();
  });
});

describe('a clone that is to be masked', () => {
  it('lets in nobody but superusers before it is opened', async () => {
    const made = unmade('closed');
    await atHost((session) => createMarked(session, made, { ...SHAPE, closed: true }));
    const role = `reader_${made.nonce.slice(0, 8)}`;
    await execute('postgres', `create role ${role} login password 'secret'`);
    const url = urlOf(made.name, { name: role, password: 'secret' });
    const look = (): Promise<unknown> => withClient(url, (client) => client.query('select 1'));
    await expect(look()).rejects.toThrow('too many connections');
    await execute('postgres', `alter database ${made.name} connection limit -1`);
    await expect(look()).resolves.toBeDefined();
  });

  it('belongs to its owner, who could open it, when it is opened and not before', async () => {
    const made = unmade('closed');
    const owner = { name: `owner_${made.nonce.slice(0, 8)}`, password: 'secret' };
    await execute('postgres', `create role ${owner.name} login password 'secret'`);
    const shape = { ...SHAPE, owner: owner.name, closed: true } as const;
    await atHost((session) => createMarked(session, made, shape));
    const opens = (): Promise<unknown> =>
      withClient(urlOf('postgres', owner), async (client) => {
        await client.query('set default_transaction_read_only = off'); // a reader's role is prepared so
        return client.query(`alter database ${made.name} connection limit 5`);
      });
    await expect(opens()).rejects.toThrow('must be owner');
    const registration = { name: 'production', kind: 'clone', nonce: made.nonce } as const;
    const roles = { reader: owner.name, cloner: owner.name, executor: owner.name };
    await inside(made.name, (session) =>
      openClone(session, { registration, roles, tiersInEffect: [], closed: made.name, owner: owner.name }),
    );
    await expect(opens()).resolves.toBeDefined();
  });
});

async function filled(): Promise<string> {
  const database = await freshDatabase('mask');
  await execute(database, USERS);
  return database;
}

type Dying = (session: Session, query: Session['query']) => Session['query'];

async function mask(database: string, masking: Masking, dying: Dying = (_, query) => query) {
  return inside(database, async (session) => {
    const { tables, problems } = resolveMasking(masking, await readColumns(session));
    expect(problems).toEqual([]);
    const mortal = { ...session, query: dying(session, (sql, values) => session.query(sql, values)) };
    return maskTables(mortal, tables, () => undefined);
  });
}

function inside<T>(database: string, work: (session: Session) => Promise<T>): Promise<T> {
  const settings = {
    application: 'one-roof masks clone',
    lockTimeoutMs: 5_000,
    statementTimeoutMs: 0,
  } as const;
  return withSession(superuserOf(database), settings, work);
}
