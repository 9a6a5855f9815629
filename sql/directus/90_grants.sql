-- What the applications may do with each other's tables.

-- Directus is the user interface of governance: it shows everything, and lets editors suggest topics.
grant select on
  governance_collection_profile, governance_responsibility_scope,
  governance_topic, governance_topic_suggestion,
  governance_object_ownership, governance_object_containment,
  governance_ruleset, governance_scan_run, governance_candidate, governance_worker_cursor,
  v_governance_object_inventory, v_governance_object_containment,
  v_object_effective_owner, v_object_owner_gap, v_object_owner_conflict
to directus_app;
grant insert, update on governance_topic_suggestion to directus_app;

-- It shows decisions; recording one is the approvals application's business.
grant select on os_proposals, os_proposal_approvals, os_proposal_signatures to directus_app;
grant select on directus_users to approvals_app;
