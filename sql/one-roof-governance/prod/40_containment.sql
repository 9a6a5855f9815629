-- Tier 4, containment: the groups of the data model become confirmed edges, so that a domain's owners cover
-- what it contains. The gap closes here.
-- Locks: ROW EXCLUSIVE on governance_object_containment, row locks (KEY SHARE) on directus_collections.

insert into governance_object_containment (child, parent, source, since)
select collections.collection, collections."group", 'one-roof', date '2026-06-03'
from directus_collections collections
join v_governance_object_inventory child on child.object = collections.collection
join v_governance_object_inventory parent on parent.object = collections."group"
on conflict (child) do nothing;
