-- The small tables' rows. Dates and keys are fixed, so that two loads are equal. Among them are rows that
-- must not count: collections that are ungoverned or may be born without an owner, a retired scope, a retired
-- topic, withdrawn suggestions, decisions that do not approve, events of other domains.

insert into directus_roles (id, name, description, admin_access)
select md5('role ' || name)::uuid, name, description, name = 'Administrator'
from (values
  ('Administrator', 'may do everything'),
  ('Editor', 'writes and publishes'),
  ('Data steward', 'looks after what collections mean and who owns them'),
  ('Integration', 'machines')
) role (name, description);

insert into directus_users (
  id, first_name, last_name, email, title, language, status, role, last_access, provider)
select md5('user ' || first_name)::uuid, first_name, last_name, lower(first_name) || '@directus.example',
  title, 'en-US', case when first_name = 'Otto' then 'archived' else 'active' end, md5('role ' || role)::uuid,
  timestamptz '2026-06-01 08:00+00' + n * interval '7 minutes', 'default'
from (values
  (1, 'Alma', 'Berg', 'Platform lead', 'Administrator'),
  (2, 'Bruno', 'Costa', 'Database administrator', 'Administrator'),
  (3, 'Chiara', 'Dahl', 'Editor in chief', 'Editor'),
  (4, 'Deniz', 'Ekman', 'Editor', 'Editor'),
  (5, 'Edda', 'Fuchs', 'Data steward', 'Data steward'),
  (6, 'Farid', 'Grau', 'Data steward', 'Data steward'),
  (7, 'Otto', 'Hahn', 'Editor (left)', 'Editor'),
  (8, 'Labeller', 'Service', 'machine', 'Integration')
) person (n, first_name, last_name, title, role);

-- Five domains; each groups six collections.
insert into directus_collections (collection, icon, note, sort)
select name, 'folder', 'domain', n
from unnest(array['content', 'customers', 'operations', 'knowledge', 'platform'])
  with ordinality domain (name, n);

insert into directus_collections (collection, icon, "group", sort, archive_field, archive_value)
select member.name, 'database', domain.name, member.n, 'status', 'archived'
from (values
  ('content', '{articles,pages,media_assets,translations,campaigns,newsletters}'::text[]),
  ('customers', '{accounts,contacts,contracts,consents,support_tickets,feedback}'),
  ('operations', '{orders,shipments,suppliers,stock_items,price_lists,work_orders}'),
  ('knowledge', '{knowledge_documents,knowledge_sources,glossary_terms,law_files,reports,training_courses}'),
  ('platform', '{system_issues,entity_labels,event_outbox,integrations,feature_flags,deployments}')
) domain (name, members)
cross join unnest(domain.members) with ordinality member (name, n);

-- Seven that do not count: three are governed but may be born without an owner, four are not governed.
insert into directus_collections (collection, icon, note, hidden, sort)
select name, 'inventory_2', 'outside the domains', n > 4, n
from unnest(array[
  'sandbox_notes', 'office_menu', 'event_photos',
  'import_staging', 'legacy_articles', 'legacy_orders', 'link_checks'
]) with ordinality other (name, n);

insert into directus_fields (collection, field, interface, readonly, hidden, sort, required)
select collections.collection, attribute.attname,
  case attribute.attname
    when 'body' then 'input-rich-text-md' when 'status' then 'select-dropdown' else 'input'
  end,
  attribute.attname in ('id', 'user_created', 'date_created'), attribute.attname = 'id', attribute.attnum,
  attribute.attnotnull
from directus_collections collections
join pg_class class on class.relname = collections.collection and class.relnamespace = 'public'::regnamespace
join pg_attribute attribute on attribute.attrelid = class.oid and attribute.attnum > 0
order by collections.collection, attribute.attnum;

insert into directus_relations (many_collection, many_field, one_collection)
select collection, field, 'directus_users'
from directus_fields
where field = 'user_created'
order by collection;

insert into directus_permissions (role, collection, action, permissions, fields)
select md5('role Editor')::uuid, collection, action, '{}', '*'
from directus_collections
cross join unnest(array['create', 'read', 'update']) action
where "group" in ('content', 'knowledge')
order by collection, action;

insert into directus_settings (project_name, project_url)
values ('One Roof', 'https://directus.example');

insert into directus_migrations (version, name, "timestamp")
values
  ('20201028A', 'Remove Collection Foreign Keys', '2026-01-12 09:00+00'),
  ('20210519A', 'Add System FK Triggers', '2026-01-12 09:00+00'),
  ('20230927A', 'Versioning', '2026-01-12 09:00+00'),
  ('20231215A', 'Add Focalpoints', '2026-01-12 09:00+00');

-- A few items in each business collection, and who made them.
do $$
declare
  name text;
begin
  for name in
    select table_name from information_schema.columns
    where table_schema = 'public' and column_name = 'user_created'
    order by table_name
  loop
    execute format(
      'insert into %1$I (id, status, sort, user_created, date_created, title, body)
       select md5(%1$L || n)::uuid, case when n %% 5 = 0 then ''archived'' else ''published'' end, n,
         md5(''user Chiara'')::uuid, timestamptz ''2026-03-02 10:00+00'' + n * interval ''1 day'',
         initcap(replace(%1$L, ''_'', '' '')) || '' '' || n, repeat(''Lorem ipsum dolor sit amet. '', n)
       from generate_series(1, 12) n', name);
    execute format(
      'insert into directus_activity (action, "user", "timestamp", ip, collection, item)
       select ''create'', user_created, date_created, ''192.0.2.'' || sort, %1$L, id::text
       from %1$I order by sort', name);
  end loop;
end $$;

insert into directus_revisions (activity, collection, item, data, delta)
select id, collection, item, json_build_object('status', 'draft'), json_build_object('status', 'draft')
from directus_activity
order by id;

insert into event_outbox (id, event_domain, event_type, payload, occurred_at, dispatched_at)
select n,
  case when n % 2 = 0 then 'content' else 'mail' end,
  case when n % 2 = 0 then 'published' else 'queued' end,
  jsonb_build_object('number', n), timestamptz '2026-06-02 06:00+00' + n * interval '5 minutes',
  timestamptz '2026-06-02 06:01+00' + n * interval '5 minutes'
from generate_series(1, 12) n;
select setval(pg_get_serial_sequence('event_outbox', 'id'), 12);

insert into governance_collection_profile (collection, governed, birth_rule, reviewed_on)
select collection, coalesce(note, '') <> 'outside the domains' or sort <= 3,
  case when note = 'outside the domains' then 'BIRTH_OPTIONAL' else 'BIRTH_REQUIRED' end, date '2026-05-18'
from directus_collections;

insert into governance_responsibility_scope (scope, title, lead_role, active)
values
  ('business', 'what it is for', 'business-lead', true),
  ('technical', 'how it runs', 'technical-lead', true),
  ('data', 'what is in it', 'data-lead', true),
  ('security', 'who may see it', 'security-lead', true),
  ('legal', 'what the law asks', 'legal-lead', true),
  ('support', 'who helps', 'support-lead', true),
  ('procurement', 'bought by whom; given up in 2025', 'procurement-lead', false);

insert into governance_topic (topic, title, active)
select topic, initcap(topic), topic <> 'intranet'
from unnest(array['content', 'customers', 'operations', 'knowledge', 'platform', 'ai', 'finance', 'esg',
                  'intranet']) topic;

-- Each object's first topic is its domain's; customer records belong to operations as well.
insert into governance_topic_suggestion (object, topic, rank, suggested_by, suggested_on)
select collections.collection, coalesce(collections."group", collections.collection), 1, 'edda',
  date '2026-05-20'
from directus_collections collections
join v_governance_object_inventory inventory on inventory.object = collections.collection;

insert into governance_topic_suggestion (object, topic, rank, suggested_by, suggested_on)
select collection, 'operations', 2, 'farid', date '2026-05-21'
from directus_collections
where "group" = 'customers';

-- Five that do not count: two were withdrawn, three are about collections that are no objects.
insert into governance_topic_suggestion (object, topic, rank, state, suggested_by, suggested_on)
values
  ('articles', 'ai', 1, 'withdrawn', 'deniz', '2026-05-19'),
  ('orders', 'finance', 2, 'withdrawn', 'deniz', '2026-05-19'),
  ('office_menu', 'operations', 1, 'open', 'deniz', '2026-05-19'),
  ('legacy_articles', 'content', 1, 'open', 'deniz', '2026-05-19'),
  ('legacy_orders', 'finance', 1, 'open', 'deniz', '2026-05-19');

insert into os_proposals (proposal, title, kind, opened_by, opened_on)
values
  ('one-roof-governance', 'Ownership, topics and scanner baseline for all governed collections',
   'rollout', 'edda', '2026-05-25'),
  ('retire-intranet', 'Take the topic "intranet" out of use', 'housekeeping', 'farid', '2026-05-11');

insert into os_proposal_approvals (id, proposal, decision, decided_by, reason, decided_at)
values
  (1, 'one-roof-governance', 'comment', 'bruno', 'rehearse it first', '2026-05-26 09:30+00'),
  (2, 'retire-intranet', 'reject', 'alma', 'still linked from the handbook', '2026-05-12 15:10+00');
select setval(pg_get_serial_sequence('os_proposal_approvals', 'id'), 2);

insert into os_proposal_signatures (approval, signer, method, signed_at)
values (2, 'alma', 'e-sign', '2026-05-12 15:11+00');
