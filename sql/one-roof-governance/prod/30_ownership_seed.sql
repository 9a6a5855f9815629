-- Tier 3, ownership seed: each domain gets an owner in every active scope, the scope's lead. Members of a
-- domain are not covered yet: that is tier 4's.
-- Locks: ROW EXCLUSIVE on governance_object_ownership, row locks (KEY SHARE) on what its rows refer to.

-- A domain is an object that is in no group.
insert into governance_object_ownership (object, scope, owner, source, since)
select collections.collection, responsibility.scope, responsibility.lead_role, 'one-roof', date '2026-06-03'
from directus_collections collections
join v_governance_object_inventory inventory on inventory.object = collections.collection
cross join governance_responsibility_scope responsibility
where collections."group" is null and responsibility.active
on conflict (object, scope, owner) do nothing;
