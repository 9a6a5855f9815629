-- The governance seam: what is governed, who could be responsible, and the empty tables that a release will
-- fill. `source` says who wrote a row; the application's own is 'directus'.

grant select, references on directus_collections to governance_owner;

set role governance_owner;

-- Whether a collection is governed at all, and whether an object of it must be born with an owner.
create table governance_collection_profile (
  collection varchar(64) primary key references directus_collections,
  governed boolean not null,
  birth_rule text not null check (birth_rule in ('BIRTH_REQUIRED', 'BIRTH_OPTIONAL')),
  reviewed_on date
);

create table governance_responsibility_scope (
  scope text primary key,
  title text not null,
  lead_role text not null,
  active boolean not null default true
);

create table governance_topic (
  topic text primary key,
  title text not null,
  active boolean not null default true
);

-- What editors think an object is about: rank 1 is its first topic. Several people may disagree here.
create table governance_topic_suggestion (
  object varchar(64) not null references directus_collections,
  topic text not null references governance_topic,
  rank smallint not null check (rank in (1, 2)),
  state text not null default 'open' check (state in ('open', 'withdrawn')),
  suggested_by text not null,
  suggested_on date not null default current_date,
  primary key (object, topic)
);

create table governance_object_ownership (
  object varchar(64) not null references directus_collections,
  scope text not null,
  owner text not null,
  source text not null default 'directus',
  since date not null default current_date,
  primary key (object, scope, owner)
);

-- An object has at most one parent.
create table governance_object_containment (
  child varchar(64) primary key references directus_collections,
  parent varchar(64) not null references directus_collections,
  source text not null default 'directus',
  since date not null default current_date
);

-- The scanner: rules, runs, what a run found, and how far each worker has come.
create table governance_ruleset (
  rule text primary key,
  severity text not null,
  description text not null,
  source text not null default 'directus'
);

create table governance_scan_run (
  run text primary key,
  started_at timestamptz not null default now(),
  source text not null default 'directus'
);

create table governance_candidate (
  run text not null references governance_scan_run,
  rule text not null references governance_ruleset,
  subject text not null,
  state text not null check (state in ('open', 'accepted', 'dismissed')),
  found_at timestamptz not null default now(),
  source text not null default 'directus',
  primary key (run, rule, subject)
);

create table governance_worker_cursor (
  worker text primary key,
  position text not null,
  moved_at timestamptz not null default now(),
  source text not null default 'directus'
);

reset role;
