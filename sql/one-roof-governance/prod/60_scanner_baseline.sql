-- Tier 6, scanner baseline: two rules and a first run, whose findings are the drift that is known on the
-- first day.
-- Locks: ROW EXCLUSIVE on the four scanner tables, row locks (KEY SHARE) on what their rows refer to.

insert into governance_ruleset (rule, severity, description, source)
values
  ('lifecycle-missing', 'warning', 'an object without a lifecycle state', 'one-roof'),
  ('topic-unused', 'info', 'a topic that no object carries', 'one-roof')
on conflict (rule) do nothing;

insert into governance_scan_run (run, started_at, source)
values ('baseline-2026-06-03', timestamptz '2026-06-03 00:00+00', 'one-roof')
on conflict (run) do nothing;

insert into governance_candidate (run, rule, subject, state, found_at, source)
select 'baseline-2026-06-03', 'lifecycle-missing', inventory.object, 'open',
  timestamptz '2026-06-03 00:00+00', 'one-roof'
from v_governance_object_inventory inventory
where not exists (
  select from governance_axis_assignment assignment
  where assignment.object = inventory.object and assignment.axis = 'lifecycle'
)
on conflict (run, rule, subject) do nothing;

insert into governance_candidate (run, rule, subject, state, found_at, source)
select 'baseline-2026-06-03', 'topic-unused', axis_value.value, 'open',
  timestamptz '2026-06-03 00:00+00', 'one-roof'
from governance_axis_value axis_value
where axis_value.axis = 'topic'
  and not exists (
    select from governance_axis_assignment assignment
    where assignment.axis = axis_value.axis and assignment.value = axis_value.value
  )
on conflict (run, rule, subject) do nothing;

insert into governance_worker_cursor (worker, position, moved_at, source)
values ('scanner', 'baseline-2026-06-03', timestamptz '2026-06-03 00:00+00', 'one-roof')
on conflict (worker) do nothing;
