import { dumpAndRestore, execute } from '../fingerprint/subject';
import { freshDatabase, urlOf, withClient } from '../support/database';

/** `one` hands its right on to `two`, and `two` to `three`: each grant rests on the one before. */
const HANDED_ON = `
do $$ begin
  perform pg_advisory_xact_lock(5151);
  if to_regrole('grants_one') is null then
    create role grants_one; create role grants_two; create role grants_three;
  end if;
end $$;
create schema app;
grant usage on schema app to grants_one with grant option;
set role grants_one; grant usage on schema app to grants_two with grant option;
set role grants_two; grant usage on schema app to grants_three; reset role`;

const TABLES = Array.from(
  { length: 30 },
  (_, n) => `
create table app.t${n} (id int);
grant select on app.t${n} to grants_one with grant option;
set role grants_one; grant select on app.t${n} to grants_two with grant option;
set role grants_two; grant select on app.t${n} to grants_three; reset role`,
).join(';');

/** Filled as its owner, who needs the grant that comes last; and what only an event trigger's comment says. */
const LATE = `
create materialized view app.seen as select count(*) as rows from app.t0;
grant create on schema app to grants_one;
alter materialized view app.seen owner to grants_one;
create function app.quiet() returns event_trigger language plpgsql as 'begin end';
create event trigger quiet_ones on ddl_command_end execute function app.quiet();
comment on event trigger quiet_ones is 'says nothing'`;

describe('a restore in parallel', () => {
  it('brings grants that were handed on in their order, and what needs them after them', async () => {
    const source = await freshDatabase('grants');
    for (const sql of [HANDED_ON, TABLES, LATE]) await execute(source, sql);
    for (let times = 0; times < 3; times++) {
      const copy = await dumpAndRestore(source);
      await expect(said(copy)).resolves.toEqual(await said(source));
    }
  });
});

const SAID = `
select count(*) filter (where has_table_privilege('grants_three', c.oid, 'select'))::int as tables,
       has_schema_privilege('grants_three', 'app', 'usage') as schema,
       (select rows::int from app.seen) as seen,
       (select obj_description(oid, 'pg_event_trigger') from pg_event_trigger where evtname = 'quiet_ones') as comment
  from pg_class c where relnamespace = 'app'::regnamespace and relkind = 'r'`;

function said(database: string): Promise<unknown> {
  return withClient(urlOf(database), async (client) => (await client.query<object>(SAID)).rows);
}
