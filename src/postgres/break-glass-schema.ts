import { SESSION_LOCK_KEY } from './one-roof-schema';

/** How break-glass scripts take, name and end a release. */
const RELEASE_FUNCTIONS = `
create or replace function one_roof.break_glass_preflight(in_package text, in_digest text, in_rows text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  failed text;
begin
  if in_rows !~ e'\\tt\\t' then raise exception 'the preflight said nothing'; end if;
  select string_agg(split_part(line, e'\\t', 1) || ' (' || split_part(line, e'\\t', 3) || ')', '; ') into failed
    from regexp_split_to_table(in_rows, e'\\n') line
   where line ~ e'\\t' and line !~ '^gate:' and split_part(line, e'\\t', 2) <> 't';
  if failed is null then return; end if;
  if exists (select from one_roof.in_effect e join one_roof.release r on r.id = e.release
              where e.package = in_package and r.digest = in_digest
                and (r.state = 'open' or r.id like 'break-glass-%' or r.outcome like 'taken over by break-glass of %')) then
    raise notice 'the preflight held before the first tier and, as the release goes on, holds no more: %', failed;
    return;
  end if;
  raise exception 'the preflight does not hold: %', failed
    using hint = 'Nothing was changed and nothing claimed. Mend what is named, then run the script again.';
end $$;
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
  raise notice 'release break-glass-% holds this database until the script ends it', new_claim using hint =
    format('Should the script die, run it again, or give up with: select one_roof.break_glass_end(%s, ''given up'');', new_claim);
  return new_claim;
end $$;
create or replace function one_roof.break_glass_end(in_claim bigint, in_outcome text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update one_roof.release set state = 'closed', outcome = in_outcome, closed_at = clock_timestamp()
   where claim = in_claim and state = 'open';
  if not found then raise exception 'no release of claim % is open', in_claim; end if;
  perform pg_advisory_unlock(${SESSION_LOCK_KEY}) from pg_locks
    where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1
      and ((classid::bigint << 32) | objid::bigint) = ${SESSION_LOCK_KEY};
end $$;
`;

/** One tier: its ledger row begun and finished, with what it left in tables. */
const TIER_FUNCTIONS = `
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
  perform set_config('one_roof.before', one_roof.break_glass_look()::text, true);
  return new_ordinal;
end $$;
create or replace function one_roof.break_glass_tier_end(in_claim bigint, in_tier text, in_direction text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  set constraints all immediate;
  update one_roof.ledger l set finished_at = clock_timestamp(),
         effects = case in_direction when 'apply' then one_roof.break_glass_effects() end
   where claim = in_claim and tier = in_tier and direction = in_direction and finished_at is null
     and ordinal = (select ordinal from one_roof.fence where claim = in_claim);
  if not found then raise exception 'tier % was not begun under claim %', in_tier, in_claim; end if;
end $$;
`;

/**
 * Rows of ours and of others, as effects.ts and others-rows.ts count them. The look that a tier begins with is kept in a
 * setting of its transaction; changes are counted from there, for a session's counters may still hold those of the tier before.
 */
const ROW_FUNCTIONS = `
create or replace function one_roof.break_glass_look()
returns jsonb language sql set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object(
    'tables', (select coalesce(jsonb_object_agg(c.oid, jsonb_build_object('name', format('%I.%I', n.nspname, c.relname), 'file', c.relfilenode)), '{}')
                 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname !~ '^pg_'
                  and n.nspname not in ('information_schema', 'one_roof')),
    'rows', (select coalesce(jsonb_object_agg(relid, n_tup_ins - n_tup_del), '{}') from pg_stat_xact_user_tables),
    'locked', (select coalesce(jsonb_agg(distinct relation::text), '[]') from pg_locks
                where pid = pg_backend_pid() and locktype = 'relation' and mode = 'AccessExclusiveLock'))
$$;
create or replace function one_roof.break_glass_changes(out relation text, out gained bigint, out was_known boolean)
returns setof record language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce(look.tables -> s.relid::text ->> 'name', format('%I.%I', s.schemaname, s.relname)),
         s.n_tup_ins - s.n_tup_del - coalesce((look.rows ->> s.relid::text)::bigint, 0), look.tables ? s.relid::text
    from pg_stat_xact_user_tables s,
         jsonb_to_record(current_setting('one_roof.before')::jsonb) look (tables jsonb, rows jsonb)
   where s.schemaname <> 'one_roof'
$$;
create or replace function one_roof.break_glass_effects()
returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  before jsonb := current_setting('one_roof.before');
  now jsonb := one_roof.break_glass_look();
  created jsonb := '{}';
  new_table record;
  counted bigint;
begin
  for new_table in select key as oid, value ->> 'name' as name from jsonb_each(now -> 'tables')
                    where not before -> 'tables' ? key and now -> 'locked' ? key loop
    execute 'select count(*) from ' || new_table.name into counted;
    created := created || jsonb_build_object(new_table.name, counted);
  end loop;
  return jsonb_build_object('created', created, 'inserted',
    (select coalesce(jsonb_object_agg(relation, gained), '{}') from one_roof.break_glass_changes() where was_known and gained <> 0));
end $$;
create or replace function one_roof.break_glass_spare_others(in_claim bigint, in_tier text, in_force boolean)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  before jsonb := current_setting('one_roof.before');
  now jsonb;
  ours jsonb;
  others text[] := '{}';
  known record;
  counted bigint;
begin
  if in_force then return; end if;
  select l.effects into ours from one_roof.ledger l join one_roof.release r on r.package = l.package and r.claim = in_claim
   where l.tier = in_tier and l.finished_at is not null order by l.claim desc, l.ordinal desc limit 1;
  ours := coalesce(ours, '{}') || jsonb_build_object('created', coalesce(ours -> 'created', '{}'));
  for known in select key as name, value::bigint as rows from jsonb_each_text(ours -> 'created') loop
    continue when not exists (select from pg_class where oid = to_regclass(known.name) and relkind = 'r');
    execute 'lock table ' || known.name || ' in access exclusive mode';
    execute 'select count(*) from ' || known.name into counted;
    if counted > known.rows then others := others || format('%s: %s rows', known.name, counted - known.rows); end if;
  end loop;
  for known in select relation as name, -gained - greatest(coalesce((ours -> 'inserted' ->> relation)::bigint,
                      (ours -> 'created' ->> relation)::bigint, 0), 0) as rows from one_roof.break_glass_changes() loop
    if known.rows > 0 then others := others || format('%s: %s rows', known.name, known.rows); end if;
  end loop;
  now := one_roof.break_glass_look();
  for known in select value ->> 'name' as name, value ->> 'file' as file, now -> 'tables' -> key ->> 'file' as new_file
                 from jsonb_each(before -> 'tables') where now -> 'locked' ? key and not ours -> 'created' ? (value ->> 'name') loop
    if known.new_file is null then others := others || format('%s: all rows, it is dropped', known.name);
    elsif known.new_file <> known.file then others := others || format('%s: rewritten or truncated, so uncounted', known.name); end if;
  end loop;
  if others <> '{}' then
    raise exception 'rolling back tier % would remove rows that others wrote: %', in_tier, array_to_string(others, ', ')
      using hint = 'Save them and run the script again; or let them go with the tier: psql -v force=1 …';
  end if;
end $$;
`;

/** What break-glass scripts call from psql: the same lock, claim, ledger rows and counts as One-Roof's own attempts. */
export const BREAK_GLASS_FUNCTIONS = [RELEASE_FUNCTIONS, ROW_FUNCTIONS, TIER_FUNCTIONS].join('');
