-- Tier 5, topic finalization: open suggestions become assignments, each axis value gets an accountable owner
-- and a deputy, and objects with more than one topic get a decision which one leads.
-- Locks: SHARE on governance_axis_assignment while its index is built (empty until now), ROW EXCLUSIVE on the
-- axis tables, row locks (KEY SHARE) on what their rows refer to.

-- From here on an object has exactly one first topic. Two suggestions of rank 1 end the tier with 23505 and
-- the object's name: people must settle that, not we.
create unique index if not exists governance_axis_assignment_one_first
  on governance_axis_assignment (object, axis)
  where rank = 1;

-- The conflict target is the key alone, so that the rule above is never passed over in silence.
insert into governance_axis_assignment (object, axis, value, rank, source, since)
select suggestion.object, 'topic', suggestion.topic, suggestion.rank, 'one-roof', date '2026-06-03'
from governance_topic_suggestion suggestion
join v_governance_object_inventory inventory on inventory.object = suggestion.object
where suggestion.state = 'open'
on conflict (object, axis, value) do nothing;

-- A scope's lead is accountable for its own value; the data office for all others. The offices deputise.
insert into governance_axis_object_ownership (axis, value, duty, owner, source, since)
select axis_value.axis, axis_value.value, 'accountable', coalesce(responsibility.lead_role, 'data-office'),
  'one-roof', date '2026-06-03'
from governance_axis_value axis_value
left join governance_responsibility_scope responsibility
  on axis_value.axis = 'responsibility' and responsibility.scope = axis_value.value
on conflict (axis, value, duty) do nothing;

insert into governance_axis_object_ownership (axis, value, duty, owner, source, since)
select axis, value, 'deputy', case axis when 'responsibility' then 'data-office' else 'knowledge-office' end,
  'one-roof', date '2026-06-03'
from governance_axis_value
on conflict (axis, value, duty) do nothing;

insert into governance_axis_reconcile_decision (object, axis, kept, reason, source, since)
select object, axis, min(value) filter (where rank = 1), 'the first topic leads',
  'one-roof', date '2026-06-03'
from governance_axis_assignment
where axis = 'topic'
group by object, axis
having count(*) > 1
on conflict (object, axis) do nothing;
