-- The five views that governance is read through. Every figure of a report is counted by them.

set role governance_owner;

-- The objects: governed collections that must be born with an owner.
create view v_governance_object_inventory as
select collection as object
from governance_collection_profile
where governed and birth_rule = 'BIRTH_REQUIRED';

-- Edges whose two ends are both objects.
create view v_governance_object_containment as
select edge.child, edge.parent
from governance_object_containment edge
join v_governance_object_inventory child on child.object = edge.child
join v_governance_object_inventory parent on parent.object = edge.parent;

-- Who answers for an object in a scope: the nearest owner on its way up. The depth ends a cycle.
create view v_object_effective_owner as
with recursive path (object, ancestor, depth) as (
  select object, object, 0
  from v_governance_object_inventory
  union all
  select path.object, edge.parent, path.depth + 1
  from path
  join v_governance_object_containment edge on edge.child = path.ancestor
  where path.depth < 16
), candidate as (
  select path.object, own.scope, own.owner, path.depth,
    rank() over (partition by path.object, own.scope order by path.depth) as distance
  from path
  join governance_object_ownership own on own.object = path.ancestor
)
select object, scope, owner, depth
from candidate
where distance = 1;

-- Pairs of an object and an active scope that nobody answers for.
create view v_object_owner_gap as
select inventory.object, responsibility.scope
from v_governance_object_inventory inventory
cross join governance_responsibility_scope responsibility
where responsibility.active
  and not exists (
    select from v_object_effective_owner effective
    where effective.object = inventory.object and effective.scope = responsibility.scope
  );

-- Pairs that more than one owner answers for, equally near.
create view v_object_owner_conflict as
select object, scope, count(distinct owner) as owners
from v_object_effective_owner
group by object, scope
having count(distinct owner) > 1;

reset role;
