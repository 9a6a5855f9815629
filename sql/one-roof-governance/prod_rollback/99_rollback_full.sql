-- Break-glass: undoes the whole release by hand, with psql and without One-Roof, as the executor's role:
--   psql -v digest=DIGEST -v who=NAME -f prod_rollback/99_rollback_full.sql
-- It takes One-Roof's own lock, takes over a release that is open, and writes the same ledger rows. No gate
-- is read: going back needs none. Tiers are undone from the last to the first, each in its own transaction,
-- and only those that are in effect with these bytes. The statements are those of per_tier_rollback.sql.
-- Rows are counted before and after them: where a tier would take rows of others with it, the script ends at
-- that tier and says which. Save them and run it again, or let them go: psql -v force=1 …
-- Until it has come to its end the release stays open, and no other can start. Its id is break-glass-CLAIM,
-- which the script names as it begins; to give it up:
--   select one_roof.break_glass_end(CLAIM, 'given up');
-- Locks: those of the sections, each waited for at most 2 s, and One-Roof's session lock throughout.

\set ON_ERROR_STOP on
\if :{?digest}
\else
do $$ begin raise exception 'say which bytes: psql -v digest=DIGEST -v who=NAME -f …'; end $$;
\endif
\if :{?who}
\else
do $$ begin raise exception 'say who does this: psql -v digest=DIGEST -v who=NAME -f …'; end $$;
\endif
\if :{?force}
\else
\set force 0
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

set lock_timeout = '2s';

select one_roof.break_glass_begin(:'package', :'version', :'digest', 'full', :'who') as claim \gset

\set tier 60_scanner_baseline
\set sha :sha_60_scanner_baseline
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'rollback', :'sha');
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
delete from governance_worker_cursor where source = 'one-roof';
delete from governance_candidate where source = 'one-roof';
delete from governance_scan_run where source = 'one-roof';
delete from governance_ruleset where source = 'one-roof';
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
select one_roof.break_glass_tier_end(:claim, :'tier', 'rollback');
commit;
\echo :tier rolled back
\else
\echo :tier is not in effect with these bytes: left alone
\endif

\set tier 50_topic_finalization
\set sha :sha_50_topic_finalization
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'rollback', :'sha');
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
delete from governance_axis_reconcile_decision where source = 'one-roof';
delete from governance_axis_object_ownership where source = 'one-roof';
delete from governance_axis_assignment where source = 'one-roof';
drop index governance_axis_assignment_one_first;
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
select one_roof.break_glass_tier_end(:claim, :'tier', 'rollback');
commit;
\echo :tier rolled back
\else
\echo :tier is not in effect with these bytes: left alone
\endif

\set tier 40_containment
\set sha :sha_40_containment
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'rollback', :'sha');
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
delete from governance_object_containment where source = 'one-roof';
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
select one_roof.break_glass_tier_end(:claim, :'tier', 'rollback');
commit;
\echo :tier rolled back
\else
\echo :tier is not in effect with these bytes: left alone
\endif

\set tier 30_ownership_seed
\set sha :sha_30_ownership_seed
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'rollback', :'sha');
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
delete from governance_object_ownership where source = 'one-roof';
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
select one_roof.break_glass_tier_end(:claim, :'tier', 'rollback');
commit;
\echo :tier rolled back
\else
\echo :tier is not in effect with these bytes: left alone
\endif

\set tier 20_responsibility_axis
\set sha :sha_20_responsibility_axis
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'rollback', :'sha');
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
drop table
  governance_axis_reconcile_decision,
  governance_axis_object_ownership,
  governance_axis_assignment,
  governance_axis_value,
  governance_axis_rule,
  governance_axis;
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
select one_roof.break_glass_tier_end(:claim, :'tier', 'rollback');
commit;
\echo :tier rolled back
\else
\echo :tier is not in effect with these bytes: left alone
\endif

\set tier 10_structure
\set sha :sha_10_structure
select one_roof.break_glass_in_effect(:'package', :'tier', :'sha') as in_effect \gset
\if :in_effect
begin;
select one_roof.break_glass_tier_begin(:claim, :'tier', 'rollback', :'sha');
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
drop function governance_is_covered(text, text);
drop view v_governance_scope_coverage;
drop view v_governance_drift_open;
drop index governance_object_containment_parent;
alter table governance_object_containment drop constraint governance_object_containment_not_itself;
alter table governance_object_ownership drop constraint governance_object_ownership_scope_fkey;
drop table governance_owner_role;
select one_roof.break_glass_spare_others(:claim, :'tier', :'force');
select one_roof.break_glass_tier_end(:claim, :'tier', 'rollback');
commit;
\echo :tier rolled back
\else
\echo :tier is not in effect with these bytes: left alone
\endif

select one_roof.break_glass_end(:claim, 'rolled back');
