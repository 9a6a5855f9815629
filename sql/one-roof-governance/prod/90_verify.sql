-- Verification: what must hold at the end. Read-only; takes no lock but ACCESS SHARE.
-- Rows of (check, ok, detail). Tiers 1 and 2 are in every scope. Whether tiers 3 to 6 are due is told by the
-- index of tier 5: scope option-3 never makes it, and without it nothing of tiers 3 to 6 may be there.

select 'tier 1: structure is there' as "check", count(*) = 0 as ok,
  coalesce('missing: ' || min(wanted.name), 'all present') as detail
from (values
  ('governance_owner_role'), ('v_governance_drift_open'), ('v_governance_scope_coverage'),
  ('governance_object_containment_parent')
) wanted (name)
where to_regclass('public.' || wanted.name) is null

union all
select 'tier 1: constraints are there', count(*) = 2, count(*)::text || ' of 2'
from pg_constraint
where conname in ('governance_object_ownership_scope_fkey', 'governance_object_containment_not_itself')
  and convalidated

union all
select 'tier 2: three active axes', count(*) = 3, count(*)::text || ' active axes'
from governance_axis
where active

union all
select 'tier 2: twenty axis values', count(*) = 20, count(*)::text || ' values'
from governance_axis_value

union all
select 'tier 2: every active axis has a rule and values', count(*) = 0, count(*)::text || ' axes without'
from governance_axis axis
where axis.active
  and (
    not exists (select from governance_axis_rule rule where rule.axis = axis.axis)
    or not exists (select from governance_axis_value value where value.axis = axis.axis)
  )

union all
select 'tier 3: domains are owned',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 0 else 30 end,
  count(*)::text || ' ownership rows'
from governance_object_ownership

union all
select 'tier 4: nobody is left without an owner',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 210 else 0 end,
  count(*)::text || ' pairs without an owner'
from v_object_owner_gap

union all
select 'tier 4: no two owners at the same distance', count(*) = 0, count(*)::text || ' conflicts'
from v_object_owner_conflict

union all
select 'tier 4: containment has no cycle', count(*) = 0, count(*)::text || ' parents below another parent'
from v_governance_object_containment edge
join v_governance_object_containment above on above.child = edge.parent

union all
select 'tier 5: topics are assigned',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 0 else 41 end,
  count(*)::text || ' assignments'
from governance_axis_assignment

union all
select 'tier 5: every object has one first topic',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 35 else 0 end,
  count(*)::text || ' objects without'
from v_governance_object_inventory inventory
where not exists (
  select from governance_axis_assignment assignment
  where assignment.object = inventory.object and assignment.axis = 'topic' and assignment.rank = 1
)

union all
select 'tier 5: axis values are owned',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 0 else 40 end,
  count(*)::text || ' duties'
from governance_axis_object_ownership

union all
select 'tier 5: double topics are decided',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 0 else 6 end,
  count(*)::text || ' decisions'
from governance_axis_reconcile_decision

union all
select 'tier 6: known drift is recorded',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 0 else 38 end,
  count(*)::text || ' open findings'
from v_governance_drift_open

union all
select 'tier 6: the scanner goes on from the baseline',
  count(*) = case when to_regclass('public.governance_axis_assignment_one_first') is null then 0 else 1 end,
  count(*)::text || ' cursors at a known run'
from governance_worker_cursor cursor
join governance_scan_run run on run.run = cursor.position

union all
select 'no governance event was emitted', count(*) = 0, count(*)::text || ' events'
from event_outbox
where event_domain = 'governance';
