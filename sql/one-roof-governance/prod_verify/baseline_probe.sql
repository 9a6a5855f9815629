-- The baseline: rows of (metric, value), all counted. Read-only; takes no lock but ACCESS SHARE.
-- It must work before the first tier and after the last, so it names no table that a tier creates.

select 'current_database' as metric, current_database()::text as value

union all
select 'ospa', count(*)::text from os_proposal_approvals where decision = 'approve'

union all
select 'governance_object_ownership', count(*)::text from governance_object_ownership

union all
select 'v_governance_object_inventory', count(*)::text from v_governance_object_inventory

union all
select 'governance_responsibility_scope', count(*)::text from governance_responsibility_scope where active

union all
select 'v_object_owner_gap', count(*)::text from v_object_owner_gap

union all
select 'v_object_owner_conflict', count(*)::text from v_object_owner_conflict

union all
select 'event_outbox_governance', count(*)::text from event_outbox where event_domain = 'governance'

union all
select 'candidate', count(*)::text from governance_candidate

union all
select 'ruleset', count(*)::text from governance_ruleset

union all
select 'scan_run', count(*)::text from governance_scan_run

union all
select 'worker_cursor', count(*)::text from governance_worker_cursor

union all
select 'axis_tables', count(*)::text
from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
  and relname in (
    'governance_axis', 'governance_axis_rule', 'governance_axis_value', 'governance_axis_assignment',
    'governance_axis_object_ownership', 'governance_axis_reconcile_decision')

union all
select 'prereq_views_missing', count(*)::text
from (values
  ('v_governance_object_inventory'), ('v_governance_object_containment'), ('v_object_effective_owner'),
  ('v_object_owner_gap'), ('v_object_owner_conflict')
) seam (name)
where to_regclass('public.' || seam.name) is null

-- Others' sessions: the state of a session is hidden from a reader without pg_read_all_stats, and ours are
-- left out.
union all
select 'idle_in_transaction', count(*)::text
from pg_stat_activity
where datname = current_database() and state like 'idle in transaction%'
  and coalesce(application_name, '') not like 'one-roof%'

union all
select 'system_issues', count(*)::text from system_issues

union all
select 'entity_labels', count(*)::text from entity_labels;
