-- Preflight: what must hold before anything starts. Read-only; takes no lock but ACCESS SHARE.
-- Rows of (check, ok, detail). A row named gate:… is reported and never fatal: a closed gate is waited for.

-- First the catalog alone, so that a missing table is named here before the second statement trips over it.
select 'seam tables are present' as "check", count(*) = 0 as ok,
  coalesce('missing: ' || min(seam.name), 'all present') as detail
from (values
  ('directus_collections'), ('governance_collection_profile'), ('governance_responsibility_scope'),
  ('governance_topic'), ('governance_topic_suggestion'), ('governance_object_ownership'),
  ('governance_object_containment'), ('governance_ruleset'), ('governance_scan_run'),
  ('governance_candidate'), ('governance_worker_cursor'), ('event_outbox'), ('os_proposal_approvals')
) seam (name)
where to_regclass('public.' || seam.name) is null

union all
select 'prerequisite views are present', count(*) = 0, coalesce('missing: ' || min(seam.name), 'all present')
from (values
  ('v_governance_object_inventory'), ('v_governance_object_containment'), ('v_object_effective_owner'),
  ('v_object_owner_gap'), ('v_object_owner_conflict')
) seam (name)
where to_regclass('public.' || seam.name) is null

-- All six are there when tiers 1 and 2 were released before, by scope option-3.
union all
select 'axis substrate is absent or whole', count(*) in (0, 6), count(*)::text || ' of 6 tables'
from (values
  ('governance_axis'), ('governance_axis_rule'), ('governance_axis_value'), ('governance_axis_assignment'),
  ('governance_axis_object_ownership'), ('governance_axis_reconcile_decision')
) axis (name)
where to_regclass('public.' || axis.name) is not null;

select 'gate:rollout' as "check", count(*) > 0 as ok, count(*)::text || ' approving decisions' as detail
from os_proposal_approvals
where decision = 'approve'

-- Rows of ours are there where the release was carried out before, or by hand: then the ledger says so.
union all
select 'no accountability is asserted yet', count(*) = 0, count(*)::text || ' ownership rows of others'
from governance_object_ownership
where source <> 'one-roof'

union all
select 'no edge is confirmed yet', count(*) = 0, count(*)::text || ' containment rows of others'
from governance_object_containment
where source <> 'one-roof'

-- Every active scope needs a direct owner for each root, so one without a lead would stay a gap.
union all
select 'every active scope names its lead', count(*) = 0, count(*)::text || ' scopes without a lead'
from governance_responsibility_scope
where active and lead_role = ''

union all
select 'ownership refers to known scopes', count(*) = 0, count(*)::text || ' rows of unknown scopes'
from governance_object_ownership own
where not exists (select from governance_responsibility_scope known where known.scope = own.scope)

-- Inside a domain the domain itself must be an object, or its members would inherit from nobody.
union all
select 'every domain of an object is an object', count(*) = 0,
  count(*)::text || ' objects below something else'
from v_governance_object_inventory inventory
join directus_collections collections on collections.collection = inventory.object
where collections."group" is not null
  and not exists (select from v_governance_object_inventory domain where domain.object = collections."group")

union all
select 'nothing of ours waits to be dispatched', count(*) = 0, count(*)::text || ' governance events'
from event_outbox
where event_domain = 'governance'

union all
select 'the scanner was never run', count(*) = 0, count(*)::text || ' runs of others'
from governance_scan_run
where source <> 'one-roof';
