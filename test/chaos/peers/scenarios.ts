import type { Client } from 'pg';
import type { Observation } from './observation';
import type { Change } from './peer';

/** How much of a change is in the database; `too much`: some of it twice. */
export interface Effect {
  readonly kind: 'nothing' | 'part' | 'whole' | 'too much';
  readonly words: string;
}

/** Something that a person types to set things right. */
export interface Repair {
  readonly words: string;
  readonly sql: string;
}

/** A change that a client is killed in the middle of. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  readonly change: Change;
  /** An old transaction of a stranger holds the change up until some seconds after the kill. */
  readonly stranger: 'present' | 'absent';
  /** SQL that says, as `yes`, whether the change is in its middle now. */
  readonly middle: string;
  look(database: Client): Promise<Effect>;
  /** The least that brings the database from there to where a further run can do its work, or to the whole. */
  repair(found: Observation): Repair | undefined;
}

const BATCH_ROWS = 20_000;

/** The table that is there before: every peer makes it with its first change. */
export const FIRST: Change = {
  runs: 'in one transaction',
  apply: `create table accounts (
  id bigint primary key,
  owner text not null,
  visits integer not null default 0,
  score integer
);`,
  verify: 'select id, owner, visits, score from accounts where false;',
  undo: 'drop table accounts;',
};

/** The rows of production. */
export function rows(count: number): string {
  return `insert into accounts (id, owner)
    select n, md5(n::text) from generate_series(1, ${count}) as n; analyze accounts`;
}

const transactional: Scenario = {
  id: 'transaction',
  title: '(a) transaction',
  what: 'five statements in one transaction; killed in the third, an `update` of every row',
  change: {
    runs: 'in one transaction',
    apply: `alter table accounts add column tier text;
create table tiers (tier text primary key, accounts bigint not null);
update accounts set tier = 'tier ' || length(replace(repeat(md5(owner), 40), 'a', ''));
insert into tiers select tier, count(*) from accounts group by tier;
alter table accounts alter column tier set not null;`,
    verify: 'select tier from accounts where false;\nselect 1 / count(*) from tiers;',
    undo: 'drop table tiers;\nalter table accounts drop column tier;',
  },
  stranger: 'absent',
  middle: longerThanASecond('update accounts'),
  look: async (database) => {
    const sql = `select
      (select count(*) from pg_attribute
         where attrelid = 'accounts'::regclass and attname = 'tier' and not attisdropped)
      + (select count(*) from pg_class where relname = 'tiers') as made,
      (select count(*) from pg_attribute
         where attrelid = 'accounts'::regclass and attname = 'tier' and attnotnull) as last`;
    const { made, last } = await oneRow(database, sql);
    if (made === 0) return { kind: 'nothing', words: 'nothing of it is there' };
    if (last === 0) return { kind: 'part', words: `${made} of its 2 objects are there` };
    return { kind: 'whole', words: 'the whole change is there' };
  },
  repair: () => undefined,
};

const index: Scenario = {
  id: 'index',
  title: '(b) index',
  what: '`create index concurrently`, held up by an old transaction of another session; killed while it waits',
  change: {
    runs: 'outside a transaction',
    apply: 'create index concurrently accounts_owner on accounts (owner);',
    verify: `select 1 / count(*) from pg_index where indexrelid = 'accounts_owner'::regclass and indisvalid;`,
    undo: 'drop index concurrently accounts_owner;',
  },
  stranger: 'present',
  middle: `select exists (select from pg_stat_progress_create_index where phase = 'waiting for old snapshots') as yes`,
  look: async (database) => {
    const sql = `select count(*) filter (where indisvalid) as valid, count(*) filter (where not indisvalid) as invalid
      from pg_index where indrelid = 'accounts'::regclass and not indisprimary`;
    const { valid, invalid } = await oneRow(database, sql);
    if (invalid !== 0) return { kind: 'part', words: 'the index is there, INVALID' };
    if (valid === 0) return { kind: 'nothing', words: 'no index' };
    return { kind: 'whole', words: 'the index is there, valid' };
  },
  repair: ({ effect, record }) => {
    if (effect.kind === 'nothing') return undefined;
    if (record === 'recorded')
      return { words: '`reindex`', sql: 'reindex index concurrently accounts_owner' };
    return { words: '`drop index`', sql: 'drop index concurrently accounts_owner' };
  },
};

const indexIfMissing: Scenario = {
  ...index,
  id: 'index if missing',
  title: '(b) index, if not exists',
  what: 'the same with `if not exists`, as authors write it to make it safe to repeat',
  change: {
    ...index.change,
    apply: 'create index concurrently if not exists accounts_owner on accounts (owner);',
  },
};

const backfill: Scenario = {
  id: 'backfill',
  title: '(c) backfill',
  what: 'one `update accounts set visits = visits + 1` in one transaction; killed after a second of it',
  change: {
    runs: 'in one transaction',
    apply: `update accounts set visits = visits + 1 where length(replace(repeat(md5(owner), 40), 'a', '')) > 0;`,
    verify: noneLeft('visits = 0'),
    undo: 'update accounts set visits = visits - 1;',
  },
  stranger: 'absent',
  middle: longerThanASecond('update accounts'),
  look: lookAtVisits,
  repair: repairVisits,
};

const batches: Scenario = {
  id: 'batches',
  title: '(c) backfill in batches',
  what: 'the same outside a transaction, as a `do` block that commits each batch; killed after a third of the rows',
  change: {
    runs: 'outside a transaction',
    apply: inBatches('visits = visits + 1', ''),
    verify: noneLeft('visits = 0'),
    undo: 'update accounts set visits = visits - 1;',
    keyset: byKeys('visits = visits + 1', 'visits = visits - 1'),
  },
  stranger: 'absent',
  middle: aThird('visits > 0'),
  look: lookAtVisits,
  repair: repairVisits,
};

const guarded: Scenario = {
  id: 'guarded batches',
  title: '(c) batches, safe to repeat',
  what: 'batches whose author has made them safe to repeat, with `and score is null`; killed after a third of the rows',
  change: {
    runs: 'outside a transaction',
    apply: inBatches('score = length(owner)', ' and score is null'),
    verify: noneLeft('score is null'),
    undo: 'update accounts set score = null;',
    keyset: byKeys('score = length(owner)', 'score = null'),
  },
  stranger: 'absent',
  middle: aThird('score is not null'),
  look: async (database) => {
    const sql =
      'select count(*) as all, count(*) filter (where score = 32) as done, 0 as twice from accounts';
    return effectOf(await oneRow(database, sql));
  },
  repair: () => undefined,
};

export const SCENARIOS: readonly Scenario[] = [
  transactional,
  index,
  indexIfMissing,
  backfill,
  batches,
  guarded,
];

/** One statement for the server, as all three peers ask it to be outside a transaction. */
function inBatches(assignment: string, guard: string): string {
  return `do $$
declare
  batch bigint := 1;
  last bigint := (select max(id) from accounts);
begin
  while batch <= last loop
    update accounts set ${assignment} where id >= batch and id < batch + ${BATCH_ROWS}${guard};
    commit;
    perform pg_sleep(0.1);
    batch := batch + ${BATCH_ROWS};
  end loop;
end $$;`;
}

function byKeys(assignment: string, back: string): NonNullable<Change['keyset']> {
  const statement = (set: string): string => `update accounts set ${set} where id between $1 and $2;`;
  return { table: 'public.accounts', key: 'id', apply: statement(assignment), undo: statement(back) };
}

function noneLeft(condition: string): string {
  return `select 1 / (not exists (select from accounts where ${condition}))::integer;`;
}

function longerThanASecond(statement: string): string {
  return `select exists (select from pg_stat_activity
    where datname = current_database() and state = 'active' and pid <> pg_backend_pid()
      and query like '%${statement}%' and backend_xid is not null
      and clock_timestamp() - query_start > interval '1 second') as yes`;
}

function aThird(condition: string): string {
  return `select count(*) filter (where ${condition}) * 3 >= count(*) as yes from accounts`;
}

async function lookAtVisits(database: Client): Promise<Effect> {
  const sql = `select count(*) as all, count(*) filter (where visits = 1) as done,
    count(*) filter (where visits > 1) as twice from accounts`;
  return effectOf(await oneRow(database, sql));
}

function effectOf({ all = 0, done = 0, twice = 0 }: Readonly<Record<string, number>>): Effect {
  const share = (count: number): string => `${Math.round((100 * count) / all)} %`;
  if (twice > 0) return { kind: 'too much', words: `${share(twice)} of the rows are changed twice` };
  if (done === 0) return { kind: 'nothing', words: 'no row is changed' };
  if (done < all) return { kind: 'part', words: `${share(done)} of the rows are changed` };
  return { kind: 'whole', words: 'every row is changed once' };
}

function repairVisits({ effect }: Observation): Repair | undefined {
  if (effect.kind !== 'too much') return undefined;
  return {
    words: 'mend the rows that were changed twice',
    sql: 'update accounts set visits = 1 where visits > 1',
  };
}

async function oneRow(database: Client, sql: string): Promise<Record<string, number>> {
  const { rows } = await database.query<Record<string, string>>(sql);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
}
