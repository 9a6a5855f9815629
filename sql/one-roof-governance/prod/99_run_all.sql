-- Break-glass: the whole release by hand, with psql and without One-Roof, as the executor's role:
--   psql -v digest=DIGEST -v who=NAME -f prod/99_run_all.sql
-- It takes One-Roof's own lock, takes over a release that is open, and writes the same ledger rows, so that
-- One-Roof knows afterwards what was done. The hard gate and the preflight are read before anything starts,
-- and the gate first and last in each tier. A tier that is in effect with the same bytes is skipped. Each
-- tier is one transaction; the first error ends the script, and what was applied until then stays: go on by
-- running it again (the preflight is then only shown), or undo with prod_rollback/99_rollback_full.sql.
-- Until one of them has come to its end the release stays open, and no other can start. Its id is
-- break-glass-CLAIM, which the script names as it begins; to give it up:
--   select one_roof.break_glass_end(CLAIM, 'given up');
-- Locks: those of the tiers, each waited for at most 2 s, and One-Roof's session lock throughout.

\set ON_ERROR_STOP on
\if :{?digest}
\else
do $$ begin raise exception 'say which bytes: psql -v digest=DIGEST -v who=NAME -f …'; end $$;
\endif
\if :{?who}
\else
do $$ begin raise exception 'say who does this: psql -v digest=DIGEST -v who=NAME -f …'; end $$;
\endif

\set package one-roof-governance
\set version 2026-06-03
-- The SHA-256 of each tier's file: the ledger keeps it, and knows by it what is in effect.
\set sha_10_structure '16371a46049523cb85a848d82be7512b6692aea2e980d0ac5d6f3b2e08cfb693'
\set sha_20_responsibility_axis '174d4ca8b496d4b64757d4e6245b5422ecbd5b60b92bed5f51fd011d94a5014b'
\set sha_30_ownership_seed '9ead58e0dd9eb166f157de1233d57ec13d8b14c726c5f5c541bd1f41d5d1f535'
\set sha_40_containment 'ec2629c5a4e8649f6a3dd1813f705f9ae5efa3a07474cc5c06b92318407705b6'
\set sha_50_topic_finalization '853a6b62894c0b66c38827bf1066f1d7a8dc57a79cc59022597a793d4848271e'
\set sha_60_scanner_baseline '5bd7aaea61b6fec0d964ab33cd01198168a8407a4098e5f4717abe80cfd783f3'

-- The gate as one statement, which fails while nobody has approved.
\set gate 'do $gate$ begin if not exists '
\set gate :gate '(select from os_proposal_approvals where decision = ''approve'') '
\set gate :gate 'then raise exception $said$the hard gate is closed: nobody has approved$said$; '
\set gate :gate 'end if; end $gate$;'

:gate
set lock_timeout = '2s';

-- The preflight's rows, by way of a file: every check but a gate's must hold, or the script ends here, before
-- it claims anything.
\set rows `mktemp`
\set was_quiet :QUIET
\set QUIET on
\pset format unaligned
\pset fieldsep '\t'
\pset tuples_only on
\o :rows
\ir 00_preflight.sql
\o
\pset format aligned
\pset tuples_only off
\set QUIET :was_quiet
\set said `cat :'rows'; rm :'rows'`
\echo :said
select one_roof.break_glass_preflight(:'package', :'digest', :'said');

select one_roof.break_glass_begin(:'package', :'version', :'digest', 'full', :'who') as claim \gset

\set tier 10_structure
\set sha :sha_10_structure
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
\echo :tier is in effect already: skipped
\else
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'apply', :'sha');
:gate
\ir 10_structure.sql
set constraints all immediate;
do $$ begin
  assert (select count(*) from v_object_owner_gap) = 210, 'v_object_owner_gap';
  assert (select count(*) from governance_object_ownership) = 0, 'governance_object_ownership';
end $$;
:gate
select one_roof.break_glass_tier_end(:claim, :'tier', 'apply');
commit;
\echo :tier applied
\endif

\set tier 20_responsibility_axis
\set sha :sha_20_responsibility_axis
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
\echo :tier is in effect already: skipped
\else
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'apply', :'sha');
:gate
\ir 20_responsibility_axis.sql
set constraints all immediate;
do $$ begin
  assert (select count(*) from governance_axis_value) = 20, 'governance_axis_value';
  assert (select count(*) from v_object_owner_gap) = 210, 'v_object_owner_gap';
  assert (select count(*) from governance_object_ownership) = 0, 'governance_object_ownership';
end $$;
:gate
select one_roof.break_glass_tier_end(:claim, :'tier', 'apply');
commit;
\echo :tier applied
\endif

\set tier 30_ownership_seed
\set sha :sha_30_ownership_seed
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
\echo :tier is in effect already: skipped
\else
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'apply', :'sha');
:gate
\ir 30_ownership_seed.sql
set constraints all immediate;
do $$ begin
  assert (select count(*) from governance_object_ownership) = 30, 'governance_object_ownership';
  assert (select count(*) from v_object_owner_gap) = 180, 'v_object_owner_gap';
end $$;
:gate
select one_roof.break_glass_tier_end(:claim, :'tier', 'apply');
commit;
\echo :tier applied
\endif

\set tier 40_containment
\set sha :sha_40_containment
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
\echo :tier is in effect already: skipped
\else
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'apply', :'sha');
:gate
\ir 40_containment.sql
set constraints all immediate;
do $$ begin
  assert (select count(*) from v_object_owner_gap) = 0, 'v_object_owner_gap';
  assert (select count(*) from v_object_owner_conflict) = 0, 'v_object_owner_conflict';
end $$;
:gate
select one_roof.break_glass_tier_end(:claim, :'tier', 'apply');
commit;
\echo :tier applied
\endif

\set tier 50_topic_finalization
\set sha :sha_50_topic_finalization
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
\echo :tier is in effect already: skipped
\else
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'apply', :'sha');
:gate
\ir 50_topic_finalization.sql
set constraints all immediate;
do $$ begin
  assert (select count(*) from governance_axis_assignment) = 41, 'governance_axis_assignment';
  assert (select count(*) from governance_axis_object_ownership) = 40, 'governance_axis_object_ownership';
  assert (select count(*) from governance_axis_reconcile_decision) = 6, 'governance_axis_reconcile_decision';
end $$;
:gate
select one_roof.break_glass_tier_end(:claim, :'tier', 'apply');
commit;
\echo :tier applied
\endif

\set tier 60_scanner_baseline
\set sha :sha_60_scanner_baseline
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
\echo :tier is in effect already: skipped
\else
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'apply', :'sha');
:gate
\ir 60_scanner_baseline.sql
set constraints all immediate;
do $$ begin
  assert (select count(*) from v_governance_drift_open) = 38, 'v_governance_drift_open';
  assert (select count(*) from governance_worker_cursor) = 1, 'governance_worker_cursor';
end $$;
:gate
select one_roof.break_glass_tier_end(:claim, :'tier', 'apply');
commit;
\echo :tier applied
\endif

-- For the eye: every row must say t. If one does not, undo with prod_rollback/99_rollback_full.sql.
\ir 90_verify.sql

select one_roof.break_glass_end(:claim, 'released');
