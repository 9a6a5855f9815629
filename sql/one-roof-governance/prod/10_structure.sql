-- Tier 1, structure: the catalogue of owner roles, two views, a function, constraints. Effect-inert: gap and
-- ownership stay what they were.
-- Locks: SHARE ROW EXCLUSIVE on governance_object_ownership and governance_responsibility_scope, ACCESS
-- EXCLUSIVE on governance_object_containment (empty, so the check is instant), SHARE for its index.

-- Who may be named as an owner of an axis value: the leads of active scopes, and the two offices behind them.
create table if not exists governance_owner_role (
  role text primary key,
  kind text not null check (kind in ('lead', 'office')),
  source text not null,
  since date not null
);
comment on table governance_owner_role is 'Roles that can be accountable for governance';

insert into governance_owner_role (role, kind, source, since)
select distinct lead_role, 'lead', 'one-roof', date '2026-06-03'
from governance_responsibility_scope
where active
on conflict (role) do nothing;

insert into governance_owner_role (role, kind, source, since)
values
  ('data-office', 'office', 'one-roof', date '2026-06-03'),
  ('knowledge-office', 'office', 'one-roof', date '2026-06-03')
on conflict (role) do nothing;

-- PostgreSQL has no `add constraint if not exists`; dropping and adding again would be a change on every run.
do $$
begin
  if not exists (
    select from pg_constraint
    where conrelid = 'governance_object_ownership'::regclass
      and conname = 'governance_object_ownership_scope_fkey'
  ) then
    alter table governance_object_ownership
      add constraint governance_object_ownership_scope_fkey
      foreign key (scope) references governance_responsibility_scope;
  end if;
  if not exists (
    select from pg_constraint
    where conrelid = 'governance_object_containment'::regclass
      and conname = 'governance_object_containment_not_itself'
  ) then
    alter table governance_object_containment
      add constraint governance_object_containment_not_itself check (child <> parent);
  end if;
end $$;

create index if not exists governance_object_containment_parent on governance_object_containment (parent);

create or replace view v_governance_drift_open as
select run, rule, subject, found_at
from governance_candidate
where state = 'open';

create or replace view v_governance_scope_coverage as
select responsibility.scope, responsibility.title,
  (select count(*) from v_governance_object_inventory) as objects,
  (select count(*) from v_object_owner_gap gap where gap.scope = responsibility.scope) as uncovered
from governance_responsibility_scope responsibility
where responsibility.active;

-- The body is bound when it is created, so a caller's search_path cannot change what it reads.
create or replace function governance_is_covered(object text, scope text) returns boolean
  language sql stable
  return exists (
    select from v_object_effective_owner effective
    where effective.object = governance_is_covered.object and effective.scope = governance_is_covered.scope
  );
