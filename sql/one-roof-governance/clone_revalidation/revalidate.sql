-- Revalidation of a finalized clone: rows of (metric, value), all counted. Read-only; takes no lock but
-- ACCESS SHARE. It names what tiers 1 and 2 make, which are in every scope, so it runs on no greenfield.

select 'own' as metric, count(*)::text as value from governance_object_ownership

union all
select 'resp_gap', count(*)::text from v_object_owner_gap

union all
select 'axis_tables', count(*)::text
from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
  and relname in (
    'governance_axis', 'governance_axis_rule', 'governance_axis_value', 'governance_axis_assignment',
    'governance_axis_object_ownership', 'governance_axis_reconcile_decision')

union all
select 'active_axes', count(*)::text from governance_axis where active

union all
select 'axis_values', count(*)::text
from governance_axis_value axis_value
join governance_axis axis on axis.axis = axis_value.axis and axis.active

union all
select 'axis_assignments', count(*)::text from governance_axis_assignment

union all
select 'axis_object_ownership', count(*)::text from governance_axis_object_ownership

union all
select 'reconcile_decisions', count(*)::text from governance_axis_reconcile_decision

union all
select 'drift_open', count(*)::text from v_governance_drift_open

union all
select 'ospa', count(*)::text from os_proposal_approvals where decision = 'approve';
