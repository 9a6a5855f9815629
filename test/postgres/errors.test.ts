import { revealing } from '../../src/activities/revealing';
import { asReleaseError, unscrubbed } from '../../src/postgres/errors';
import { freshDatabase, urlOf, withClient } from '../support/database';

const SUBJECT = `
create table people (name text primary key, born date, age int not null check (age > 0), during int4range,
                     exclude using gist (during with &&));
create table pets (owner text references people);
create table parts (k text) partition by list (k);
create type mood as enum ('glad');
create view adults as select * from people where age > 17 with check option;
insert into people values ('secret', null, 20, '[1,5)'), ('other', null, 30, '[7,9)');
create function read_number(text) returns int language plpgsql as $$ begin return $1::int; end $$;`;

describe('an error of the server', () => {
  it.each([
    [`insert into people values ('secret', null, 1)`, ['people_pkey', 'public.people']],
    [`insert into people values ('secret2', null, 1, '[2,3)')`, ['people_during_excl']],
    [`insert into people values ('secret2', null, -77)`, ['people_age_check']],
    [`insert into people values ('secret2', null, null)`, ['column: age']],
    [`insert into pets values ('secret2')`, ['pets_owner_fkey']],
    [`insert into parts values ('secret')`, ['public.parts']],
    [`insert into adults values ('secret2', null, 3)`, ['adults']],
    [`select 'secret'::int`, ['type integer']],
    [`select 'sec"ret'::date`, ['type date']],
    [`select 'secret'::mood`, ['mood']],
    [`select read_number('secret')`, ['type integer']],
    [`select '99999999999secret'::int`, ['type integer']],
    [`select '777777777777'::int`, ['SQLSTATE 22003']],
    [`select '{secret'::int[]`, ['array literal']],
    [`select '{"a": secret}'::json`, ['json']],
  ])('names no value of a row: %s', async (sql, names) => {
    const error = await failureOf(sql);
    for (const name of names) expect(error.message).toContain(name);
    expect(everythingOf(error)).not.toMatch(/sec"?ret|777|-77|\[2,3\)/);
  });

  it('tells the values to whoever was asked to reveal them, and to nobody else', async () => {
    const error = await failureOf(`insert into people values ('secret', null, 1)`);
    const heard: string[] = [];
    const fail = (): Promise<never> => Promise.reject(error);
    await expect(revealing({ reveal: (words) => heard.push(words) }, fail)).rejects.toBe(error);
    expect(heard.join()).toContain('detail: Key (name)=(secret) already exists.');
    await expect(revealing({}, fail)).rejects.toBe(error);
    expect(everythingOf(error)).not.toContain('secret');
    expect(unscrubbed(new Error('of somebody else'))).toBeUndefined();
  });

  it('keeps what the package itself says', async () => {
    const error = await failureOf(
      `do $$ begin raise exception 'no' using detail = 'two are missing', hint = 'add them'; end $$`,
    );
    expect(error.message).toContain('detail: two are missing\nhint: add them');
    expect(error.cause).toBeInstanceOf(Error);
  });
});

async function failureOf(sql: string) {
  return withClient(urlOf(await freshDatabase()), async (client) => {
    await client.query(SUBJECT);
    return client.query(sql).then(
      () => Promise.reject(new Error('it did not fail')),
      (error: unknown) => asReleaseError(error),
    );
  });
}

/** All that a history or a log may show of it: message, details, and the causes below it. */
function everythingOf(error: Error): string {
  const { message, stack, cause } = error;
  const own = [message, stack, JSON.stringify(error)].join('\n');
  return cause instanceof Error ? own + everythingOf(cause) : own;
}
