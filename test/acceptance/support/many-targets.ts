import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { parseDocument } from 'yaml';
import { prepareSql } from '../../../src/postgres/prepare';
import { Roles } from '../../../src/core/schema/target';
import { superuser } from './greenfield';
import type { World } from './world';

/** Rows only; the gate writes each look at it to the server's own log, with who has looked. */
const SHOP = `
create table shop_row (package text primary key, at timestamptz not null default clock_timestamp());
grant select, insert, delete on shop_row to one_roof_executor;
create schema witness;
create table witness.switch (open boolean not null);
insert into witness.switch values (false);
create function witness.gate() returns integer language plpgsql volatile security definer set search_path = witness as
  $$ begin
    raise log 'the gate of % was seen by [%]', current_database(), current_setting('application_name');
    return (select open::int from switch);
  end $$;
grant usage on schema witness to public;
`;

const SEEN = /the gate of (\S+) was seen by \[([^\]]*)\]/g;

/** Makes so many registered databases, each a target with a hard gate and one approver; the worker reads them anew. */
export async function manyTargets(
  world: World,
  count: number,
  readGatesEvery: string,
): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `shop-${index}`);
  const { targets, serviceFile, postgres } = world.addresses;
  const document = parseDocument(readFileSync(targets, 'utf8'));
  for (const name of names) {
    const nonce = randomBytes(32).toString('hex');
    await superuser(world.state, `create database "${name}"`, 'postgres');
    await superuser(world.state, prepareSql({ name, kind: 'production', nonce }, Roles.parse({})), name);
    await superuser(world.state, SHOP, name);
    appendFileSync(
      serviceFile,
      `\n[${name}]\nhost=${postgres.host}\nport=${postgres.port}\ndbname=${name}\n`,
    );
    document.setIn([name], targetOf(name, nonce, readGatesEvery));
  }
  writeFileSync(targets, String(document));
  await world.kill('worker');
  await world.revive(); // a worker reads the file when it starts
  return names;
}

function targetOf(name: string, registration: string, readGatesEvery: string): object {
  const approvals = { dba: { need: 1, of: ['dba-a'] } };
  const hard = { sql: 'select witness.gate()', opens: '> 0' };
  const gates = [{ id: 'rollout', before: 'first', approvals, hard }];
  const policy = { gates, readGatesEvery, rehearsal: { required: false } };
  const readChannel = { functions: ['witness.gate'] };
  return { kind: 'database', connection: { service: name }, registration, readChannel, policy };
}

/** A package for one of them that writes one row. */
export function rowPackage(name: string, database: string): Readonly<Record<string, string>> {
  const tiers = '\n  - { id: 10_row, apply: row.sql, rollback: rollback.sql }\n';
  return {
    'release.yaml': `name: ${name}\nversion: "1"\ndatabase: { name: ${database} }\ntiers:${tiers}`,
    'row.sql': `insert into shop_row (package) values ('${name}');\n`,
    'rollback.sql': `-- one-roof: rollback 10_row\ndelete from shop_row where package = '${name}';\n`,
  };
}

/** Who has looked at which gate, by the server's log: application by application, one entry a look. */
export function looksIn(log: string): readonly { readonly database: string; readonly application: string }[] {
  return [...log.matchAll(SEEN)].map(([, database = '', application = '']) => ({ database, application }));
}

/** @returns when the gate was open for everybody else, ms since 1970, by the server's clock */
export async function openGate(world: World, target: string): Promise<number> {
  await superuser(world.state, 'update witness.switch set open = true', target);
  const [row] = await superuser(
    world.state,
    'select extract(epoch from clock_timestamp()) * 1000 as ms',
    target,
  );
  return Number(row?.['ms']);
}
