-- The read contract: what the user interface of governance reads, before and after the release, in every
-- scope. Read-only; takes no lock but ACCESS SHARE.
-- Rows of (check, ok, detail).

-- The columns that its pages name, with their types.
select 'reads ' || contract.relation || '.' || contract.field as "check",
  coalesce(format_type(attribute.atttypid, attribute.atttypmod) = contract.type, false) as ok,
  coalesce(format_type(attribute.atttypid, attribute.atttypmod), 'missing') as detail
from (values
  ('v_governance_object_inventory', 'object', 'character varying(64)'),
  ('v_governance_object_containment', 'child', 'character varying(64)'),
  ('v_governance_object_containment', 'parent', 'character varying(64)'),
  ('v_object_effective_owner', 'object', 'character varying(64)'),
  ('v_object_effective_owner', 'scope', 'text'),
  ('v_object_effective_owner', 'owner', 'text'),
  ('v_object_effective_owner', 'depth', 'integer'),
  ('v_object_owner_gap', 'object', 'character varying(64)'),
  ('v_object_owner_gap', 'scope', 'text'),
  ('v_object_owner_conflict', 'object', 'character varying(64)'),
  ('v_object_owner_conflict', 'scope', 'text'),
  ('governance_responsibility_scope', 'scope', 'text'),
  ('governance_responsibility_scope', 'lead_role', 'text'),
  ('governance_responsibility_scope', 'active', 'boolean'),
  ('governance_object_ownership', 'object', 'character varying(64)'),
  ('governance_object_ownership', 'owner', 'text'),
  ('governance_candidate', 'state', 'text'),
  ('directus_collections', 'collection', 'character varying(64)'),
  ('directus_collections', 'group', 'character varying(64)')
) contract (relation, field, type)
left join pg_attribute attribute
  on attribute.attrelid = to_regclass('public.' || contract.relation) and attribute.attname = contract.field
  and not attribute.attisdropped

-- Directus shows governance with its own role, so whatever governance has must be readable for that role.
union all
select 'directus_app may read ' || class.relname,
  coalesce(class.relacl::text, '') ~ '[{,]directus_app=a?r', coalesce(class.relacl::text, 'no grants')
from pg_class class
where class.relnamespace = 'public'::regnamespace and class.relkind in ('r', 'p', 'v')
  and class.relname ~ '^(governance|v_governance|v_object)_'

-- And the pages must make sense: each list joins to what it names.
union all
select 'every gap names an object and an active scope', count(*) = 0, count(*)::text || ' that do not'
from v_object_owner_gap gap
where not exists (select from v_governance_object_inventory inventory where inventory.object = gap.object)
  or not exists (
    select from governance_responsibility_scope responsibility
    where responsibility.scope = gap.scope and responsibility.active
  )

union all
select 'every object is a collection', count(*) = 0, count(*)::text || ' that are not'
from v_governance_object_inventory inventory
where not exists (
  select from directus_collections collections where collections.collection = inventory.object
);
