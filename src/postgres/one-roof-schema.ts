/** One constant key for a database's session lock; break-glass takes the same. */
export const SESSION_LOCK_KEY = '7954877705757748224';

/**
 * One-Roof's tables in a target or a clone. DESIGN.md §7:
 * `target` who this database is · `release` who holds or held it (`held_by`: the workflow that took its claim) · `fence` the claim and attempt in force ·
 * `ledger` each attempt, written in the tier's own transaction · `step` each statement of a tier outside transactions ·
 * `batch` how far a backfill has come, `batch_range` the keys of each of its batches, written in the batch's own transaction.
 * `since`: the finished attempt of this tier (claim.ordinal) after which they count, so that a tier applied again after its
 * rollback starts anew.
 */
export const ONE_ROOF_TABLES = `
create schema if not exists one_roof;
create table if not exists one_roof.target (
  only_row boolean primary key default true check (only_row),
  name text not null,
  kind text not null check (kind in ('production', 'clone')),
  nonce text not null,
  registered_at timestamptz not null default now()
);
create table if not exists one_roof.release (
  id text primary key,
  package text not null,
  version text not null,
  digest text not null,
  scope text not null,
  requester text not null,
  claim bigint,
  state text not null check (state in ('open', 'closed')),
  outcome text,
  evidence text,
  opened_at timestamptz not null default clock_timestamp(),
  closed_at timestamptz,
  check (state = 'closed' or claim is not null)
);
alter table one_roof.release add column if not exists fingerprint text;
alter table one_roof.release add column if not exists held_by text;
create unique index if not exists at_most_one_open_release on one_roof.release ((true)) where state = 'open';
create table if not exists one_roof.fence (
  only_row boolean primary key default true check (only_row),
  claim bigint not null,
  ordinal bigint not null
);
insert into one_roof.fence (claim, ordinal) values (0, 0) on conflict do nothing;
create table if not exists one_roof.ledger (
  claim bigint not null,
  ordinal bigint not null,
  release text not null,
  package text not null,
  tier text not null,
  direction text not null check (direction in ('apply', 'rollback')),
  sha256 text not null,
  rows_changed bigint,
  effects jsonb,
  began_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (claim, ordinal)
);
create table if not exists one_roof.step (
  release text not null,
  package text not null,
  tier text not null,
  direction text not null check (direction in ('apply', 'rollback')),
  since text not null,
  number integer not null,
  sha256 text not null,
  claim bigint not null,
  ordinal bigint not null,
  intended_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  outcome text,
  primary key (release, package, tier, direction, since, number)
);
create table if not exists one_roof.batch (
  release text not null,
  package text not null,
  tier text not null,
  direction text not null check (direction in ('apply', 'rollback')),
  since text not null,
  cursor text,
  rows_changed bigint not null default 0,
  batches bigint not null default 0,
  written text[] not null default '{}',
  inert jsonb not null default '{}',
  claim bigint not null,
  ordinal bigint not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (release, package, tier, direction, since)
);
create table if not exists one_roof.batch_range (
  release text not null,
  package text not null,
  tier text not null,
  since text not null,
  number bigint not null,
  first text not null,
  last text not null,
  keys bigint not null,
  rows_changed bigint not null,
  net jsonb not null,
  claim bigint not null,
  ordinal bigint not null,
  done_at timestamptz not null default clock_timestamp(),
  primary key (release, package, tier, since, number)
);
create or replace view one_roof.in_effect as
  select package, tier, sha256, release
    from (select distinct on (package, tier) package, tier, direction, sha256, release
            from one_roof.ledger where finished_at is not null
           order by package, tier, claim desc, ordinal desc) latest
   where direction = 'apply';
`;

/**
 * What no grant can say: the fence only rises, an attempt enters itself alone and unfinished, what is finished or closed stays.
 * Claim 0 is what the owner of the schema enters of a clone's source.
 */
export const ONE_ROOF_GUARDS = `
create or replace function one_roof.guard_fence() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (new.claim, new.ordinal) <= (old.claim, old.ordinal) then raise exception 'the fence only rises'; end if;
  return new;
end $$;
create or replace trigger guard_fence before update on one_roof.fence
  for each row execute function one_roof.guard_fence();
create or replace function one_roof.guard_ledger() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if old.finished_at is not null then raise exception 'a finished row of the ledger is never changed'; end if;
    return new;
  end if;
  if new.claim = 0 and pg_has_role((select relowner from pg_class where oid = tg_relid), 'member') then return new; end if;
  if not exists (select from one_roof.fence f where f.claim = new.claim and f.ordinal = new.ordinal) then
    raise exception 'attempt %.% is not in force', new.claim, new.ordinal;
  end if;
  if new.finished_at is not null then raise exception 'a row of the ledger begins unfinished'; end if;
  return new;
end $$;
create or replace trigger guard_ledger before insert or update on one_roof.ledger
  for each row execute function one_roof.guard_ledger();
create or replace function one_roof.guard_progress() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from one_roof.fence f where f.claim = new.claim and f.ordinal = new.ordinal) then
    raise exception 'attempt %.% is not in force', new.claim, new.ordinal;
  end if;
  return new;
end $$;
create or replace trigger guard_step before insert or update on one_roof.step
  for each row execute function one_roof.guard_progress();
create or replace trigger guard_batch before insert or update on one_roof.batch
  for each row execute function one_roof.guard_progress();
create or replace trigger guard_batch_range before insert or update on one_roof.batch_range
  for each row execute function one_roof.guard_progress();
create or replace function one_roof.guard_release() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.state = 'closed' then raise exception 'release % is closed and stays so', old.id; end if;
  return new;
end $$;
create or replace trigger guard_release before update on one_roof.release
  for each row execute function one_roof.guard_release();
`;

/** Who may do what in schema one_roof: readers read, the executor records, column by column; nobody deletes. */
export function oneRoofGrants(roles: {
  readonly readers: readonly string[];
  readonly executor: string;
}): string {
  const readers = [...roles.readers, roles.executor].map(quoteIdentifier).join(', ');
  const executor = quoteIdentifier(roles.executor);
  return `
revoke all on schema one_roof from public;
revoke execute on all functions in schema one_roof from public;
grant usage on schema one_roof to ${readers};
grant select on all tables in schema one_roof to ${readers};
revoke insert, update on one_roof.release, one_roof.fence, one_roof.ledger, one_roof.step, one_roof.batch, one_roof.batch_range from ${executor};
grant insert on one_roof.release, one_roof.ledger, one_roof.step, one_roof.batch, one_roof.batch_range to ${executor};
grant update (claim, ordinal, intended_at, finished_at, outcome) on one_roof.step to ${executor};
grant update (cursor, rows_changed, batches, written, claim, ordinal, changed_at) on one_roof.batch to ${executor};
grant update (claim, held_by, state, outcome, evidence, closed_at) on one_roof.release to ${executor};
grant update (claim, ordinal) on one_roof.fence to ${executor};
grant update (finished_at, rows_changed, effects) on one_roof.ledger to ${executor};
grant execute on all functions in schema one_roof to ${executor};
`;
}

/** PostgreSQL's own rule: double every quote. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text constant; backslashes are plain under standard_conforming_strings, which every session states. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
