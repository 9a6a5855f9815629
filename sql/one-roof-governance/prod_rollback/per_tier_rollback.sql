-- Rollback, one section a tier, run from the last tier to the first. Each returns to the exact state before
-- its tier: it deletes the rows that we seeded (source = 'one-roof') and no others, and drops what its tier
-- made. Nothing cascades, so a view or a key that others have built on top stops a section; rows that others
-- wrote into a table of ours go with it, which is why One-Roof counts them before.
-- Locks: ROW EXCLUSIVE for rows, ACCESS EXCLUSIVE for what is dropped and for the tables that its constraints
-- and its index are on, and for those that its foreign keys point to.

-- one-roof: rollback 60_scanner_baseline
delete from governance_worker_cursor where source = 'one-roof';
delete from governance_candidate where source = 'one-roof';
delete from governance_scan_run where source = 'one-roof';
delete from governance_ruleset where source = 'one-roof';

-- one-roof: rollback 50_topic_finalization
delete from governance_axis_reconcile_decision where source = 'one-roof';
delete from governance_axis_object_ownership where source = 'one-roof';
delete from governance_axis_assignment where source = 'one-roof';
drop index governance_axis_assignment_one_first;

-- one-roof: rollback 40_containment
delete from governance_object_containment where source = 'one-roof';

-- one-roof: rollback 30_ownership_seed
delete from governance_object_ownership where source = 'one-roof';

-- one-roof: rollback 20_responsibility_axis
drop table
  governance_axis_reconcile_decision,
  governance_axis_object_ownership,
  governance_axis_assignment,
  governance_axis_value,
  governance_axis_rule,
  governance_axis;

-- one-roof: rollback 10_structure
drop function governance_is_covered(text, text);
drop view v_governance_scope_coverage;
drop view v_governance_drift_open;
drop index governance_object_containment_parent;
alter table governance_object_containment drop constraint governance_object_containment_not_itself;
alter table governance_object_ownership drop constraint governance_object_ownership_scope_fkey;
drop table governance_owner_role;
