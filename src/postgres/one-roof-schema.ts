/** One constant key for a database's session lock; break-glass takes the same. */
export const SESSION_LOCK_KEY = '7954877705757748224';

/**
 * One-Roof's tables in a target or a clone. DESIGN.md §7:
 * `target` who this database is · `release` who holds or held it · `fence` the claim and attempt in force ·
 * `ledger` each attempt, written in the tier's own transaction.
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
create or replace view one_roof.in_effect as
  select package, tier, sha256, release
    from (select distinct on (package, tier) package, tier, direction, sha256, release
            from one_roof.ledger where finished_at is not null
           order by package, tier, claim desc, ordinal desc) latest
   where direction = 'apply';
`;

/** What break-glass scripts call from psql: the same lock, claim and ledger rows as One-Roof's own attempts. */
export const BREAK_GLASS_FUNCTIONS = `
create or replace function one_roof.break_glass_begin(package text, version text, digest text, scope text, who text)
returns bigint language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  new_claim bigint;
begin
  if digest !~ '^[0-9a-f]{64}$' then raise exception 'no digest: give psql -v digest=<64 hexadecimal digits>'; end if;
  if coalesce(who, '') = '' then raise exception 'nobody is named: give psql -v who=<your name>'; end if;
  if not pg_try_advisory_lock(${SESSION_LOCK_KEY}) then
    raise exception 'another session of One-Roof is at work in this database' using errcode = '55P03',
      hint = 'See pg_locks for the holder of advisory lock ${SESSION_LOCK_KEY}; wait until it is gone.';
  end if;
  update one_roof.release set state = 'closed', outcome = 'taken over by break-glass of ' || who, closed_at = clock_timestamp()
   where state = 'open';
  update one_roof.fence set claim = claim + 1, ordinal = 0 returning claim into new_claim;
  insert into one_roof.release (id, package, version, digest, scope, requester, claim, state)
  values ('break-glass-' || new_claim, package, version, digest, scope, who, new_claim, 'open');
  return new_claim;
end $$;
create or replace function one_roof.break_glass_in_effect(in_package text, in_tier text, in_sha256 text)
returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  found_sha256 text;
begin
  select sha256 into found_sha256 from one_roof.in_effect where package = in_package and tier = in_tier;
  if not found then return false; end if;
  if found_sha256 <> in_sha256 then raise exception 'tier % is in effect with other bytes: %', in_tier, found_sha256; end if;
  return true;
end $$;
create or replace function one_roof.break_glass_tier_begin(in_claim bigint, in_tier text, in_direction text, in_sha256 text)
returns bigint language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  new_ordinal bigint;
begin
  update one_roof.fence set ordinal = ordinal + 1 where claim = in_claim returning ordinal into new_ordinal;
  if not found then raise exception 'claim % is no longer in force', in_claim; end if;
  insert into one_roof.ledger (claim, ordinal, release, package, tier, direction, sha256)
  select in_claim, new_ordinal, id, package, in_tier, in_direction, in_sha256
    from one_roof.release where claim = in_claim and state = 'open';
  if not found then raise exception 'no release of claim % is open', in_claim; end if;
  return new_ordinal;
end $$;
create or replace function one_roof.break_glass_tier_end(in_claim bigint, in_tier text, in_direction text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  set constraints all immediate;
  update one_roof.ledger l set finished_at = clock_timestamp()
   where claim = in_claim and tier = in_tier and direction = in_direction and finished_at is null
     and ordinal = (select ordinal from one_roof.fence where claim = in_claim);
  if not found then raise exception 'tier % was not begun under claim %', in_tier, in_claim; end if;
end $$;
create or replace function one_roof.break_glass_end(in_claim bigint, in_outcome text)
returns void language sql set search_path = pg_catalog, pg_temp as $$
  update one_roof.release set state = 'closed', outcome = in_outcome, closed_at = clock_timestamp()
   where claim = in_claim and state = 'open';
  select pg_advisory_unlock(${SESSION_LOCK_KEY});
$$;
`;

/** Who may do what in schema one_roof: readers read, the executor records; nobody deletes. */
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
grant insert, update on one_roof.release, one_roof.fence, one_roof.ledger to ${executor};
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
