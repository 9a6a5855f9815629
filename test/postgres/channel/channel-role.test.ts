import { examineReader } from '../../../src/postgres/channel/channel-role';
import type { RoleFinding } from '../../../src/postgres/channel/channel-role';
import { readerSettings } from '../../../src/postgres/channel/reader-session';
import { withSession } from '../../../src/postgres/session';
import { urlOf, withClient } from '../../support/database';
import { endpointOf, preparedDatabase } from '../../support/prepared';

const READER = 'one_roof_reader';
let database: string;

beforeEach(async () => {
  database = await preparedDatabase();
  await asSuperuser(
    `create table public.t(id int primary key, secret text); create sequence public.s; select lo_create(4711)`,
  );
  for (const { mend } of await findings()) await asSuperuser(mend);
});

describe('a reader as `target prepare` makes it', () => {
  it('may only read, once what PUBLIC has by default is taken away', async () => {
    expect(await findings()).toEqual([]);
  });

  it('might make temporary tables: PUBLIC may, wherever nobody has said no', async () => {
    await asSuperuser(`grant temporary on database ${database} to public`);
    expect(await findings()).toEqual([
      {
        what: 'it may make temporary tables in the database by grant to PUBLIC',
        mend: `revoke temporary on database ${database} from public;`,
      },
    ]);
  });
});

describe('what a reader may do too much', () => {
  it.each([
    [`grant insert, select on t to ${READER}`, 'it may insert t'],
    [`grant truncate on t to public`, 'it may truncate t by grant to PUBLIC'],
    [`grant update (secret) on t to ${READER}`, 'it may update column secret of t'],
    [`grant usage on sequence s to ${READER}`, 'it may usage s'],
    [`grant update on large object 4711 to ${READER}`, 'it may write large object 4711'],
    [`grant create on schema public to public`, 'it may create in schema public by grant to PUBLIC'],
    [
      `do $$ begin execute format('grant create on database %I to ${READER}', current_database()); end $$`,
      'it may create schemas in the database',
    ],
    [
      `create function public.d() returns int language sql security definer as 'select 1'`,
      'it may call d(), which acts with the rights of its owner by grant to PUBLIC',
    ],
    [
      `grant execute on function pg_catalog.pg_read_file(text) to ${READER}`,
      'it may call pg_read_file(text)',
    ],
    [
      `create extension dblink; revoke execute on all functions in schema public from public; grant execute on function public.dblink(text) to public`,
      'it may call dblink(text) by grant to PUBLIC',
    ],
    [
      `create extension postgres_fdw; create server f foreign data wrapper postgres_fdw; grant usage on foreign server f to ${READER}`,
      'it may use the foreign server f',
    ],
    [
      `create extension postgres_fdw; create server g foreign data wrapper postgres_fdw; create user mapping for public server g`,
      'foreign server g knows it, by a user mapping',
    ],
    [`set lo_compat_privileges = off; alter table t owner to ${READER}`, 'it owns table t'],
  ])('is named, and the SQL beside it takes it away: %s', async (sql, what) => {
    await asSuperuser(sql);
    const found = await findings();
    expect(found.map((finding) => finding.what)).toContain(what);
    for (const { mend } of found) await asSuperuser(mend);
    expect(await findings()).toEqual([]);
  });
});

async function findings(): Promise<readonly RoleFinding[]> {
  return await withSession(endpointOf(database, 'reader'), readerSettings(10_000), examineReader);
}

async function asSuperuser(sql: string): Promise<void> {
  await withClient(urlOf(database), (client) => client.query(sql));
}
