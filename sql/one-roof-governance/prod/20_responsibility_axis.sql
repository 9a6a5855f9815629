-- Tier 2, responsibility axis: six axis tables, three active axes with twenty values. Effect-inert: nobody
-- owns more than before, and no object is assigned yet.
-- Locks: SHARE ROW EXCLUSIVE on directus_collections for a moment (a foreign key); the rest is new.

create table if not exists governance_axis (
  axis text primary key,
  title text not null,
  active boolean not null,
  source text not null,
  since date not null
);

create table if not exists governance_axis_rule (
  axis text primary key references governance_axis,
  cardinality text not null check (cardinality in ('one', 'many')),
  source text not null,
  since date not null
);

create table if not exists governance_axis_value (
  axis text not null references governance_axis,
  value text not null,
  title text not null,
  source text not null,
  since date not null,
  primary key (axis, value)
);

create table if not exists governance_axis_assignment (
  object varchar(64) not null references directus_collections,
  axis text not null,
  value text not null,
  rank smallint not null,
  source text not null,
  since date not null,
  primary key (object, axis, value),
  foreign key (axis, value) references governance_axis_value
);

create table if not exists governance_axis_object_ownership (
  axis text not null,
  value text not null,
  duty text not null check (duty in ('accountable', 'deputy')),
  owner text not null references governance_owner_role,
  source text not null,
  since date not null,
  primary key (axis, value, duty),
  foreign key (axis, value) references governance_axis_value
);

create table if not exists governance_axis_reconcile_decision (
  object varchar(64) not null references directus_collections,
  axis text not null references governance_axis,
  kept text not null,
  reason text not null,
  source text not null,
  since date not null,
  primary key (object, axis),
  foreign key (axis, kept) references governance_axis_value
);

-- Sensitivity is prepared and not in use: it has no values yet.
insert into governance_axis (axis, title, active, source, since)
values
  ('responsibility', 'Who answers for it', true, 'one-roof', date '2026-06-03'),
  ('topic', 'What it is about', true, 'one-roof', date '2026-06-03'),
  ('lifecycle', 'Where it is in its life', true, 'one-roof', date '2026-06-03'),
  ('sensitivity', 'Who may see it', false, 'one-roof', date '2026-06-03')
on conflict (axis) do nothing;

insert into governance_axis_rule (axis, cardinality, source, since)
select axis, case when axis = 'lifecycle' then 'one' else 'many' end, 'one-roof', date '2026-06-03'
from governance_axis
on conflict (axis) do nothing;

insert into governance_axis_value (axis, value, title, source, since)
select 'responsibility', scope, title, 'one-roof', date '2026-06-03'
from governance_responsibility_scope
where active
on conflict (axis, value) do nothing;

insert into governance_axis_value (axis, value, title, source, since)
select 'topic', topic, title, 'one-roof', date '2026-06-03'
from governance_topic
where active
on conflict (axis, value) do nothing;

insert into governance_axis_value (axis, value, title, source, since)
values
  ('lifecycle', 'draft', 'Draft', 'one-roof', date '2026-06-03'),
  ('lifecycle', 'born', 'Born', 'one-roof', date '2026-06-03'),
  ('lifecycle', 'active', 'Active', 'one-roof', date '2026-06-03'),
  ('lifecycle', 'frozen', 'Frozen', 'one-roof', date '2026-06-03'),
  ('lifecycle', 'retired', 'Retired', 'one-roof', date '2026-06-03'),
  ('lifecycle', 'archived', 'Archived', 'one-roof', date '2026-06-03')
on conflict (axis, value) do nothing;
