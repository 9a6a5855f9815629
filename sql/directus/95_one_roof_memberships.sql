-- What the DBA of this database grants to One-Roof's three roles. Run by a superuser, after `one-roof target
-- prepare` has created them; may be run again.
--
-- The executor is a member of governance_owner, whose tables the tiers alter, and may create beside them in
-- public. It is no member of approvals_app or directus_app, and neither it nor governance_owner owns the
-- schema: the owner of a schema may drop every table in it, the approvals too.

grant governance_owner to one_roof_executor;
grant create, usage on schema public to one_roof_executor;
grant usage on schema public to one_roof_reader, one_roof_cloner;

-- The reader reads, the cloner dumps (sequences too), the executor probes.
grant select on all tables in schema public to one_roof_reader, one_roof_cloner, one_roof_executor;
grant select on all sequences in schema public to one_roof_reader, one_roof_cloner;

-- Foreign keys of the axis tables point here.
grant references on directus_collections to one_roof_executor;

-- What comes later is readable too: tables of the tiers for the user interface as well.
alter default privileges for role one_roof_executor in schema public
  grant select on tables to one_roof_reader, one_roof_cloner, directus_app;
alter default privileges for role one_roof_executor in schema public
  grant select on sequences to one_roof_reader, one_roof_cloner;
alter default privileges for role governance_owner in schema public
  grant select on tables to one_roof_reader, one_roof_cloner, directus_app;
alter default privileges for role governance_owner in schema public
  grant select on sequences to one_roof_reader, one_roof_cloner;
alter default privileges for role directus_app in schema public
  grant select on tables to one_roof_reader, one_roof_cloner, one_roof_executor;
alter default privileges for role directus_app in schema public
  grant select on sequences to one_roof_reader, one_roof_cloner;
alter default privileges for role approvals_app in schema public
  grant select on tables to one_roof_reader, one_roof_cloner, one_roof_executor;
alter default privileges for role approvals_app in schema public
  grant select on sequences to one_roof_reader, one_roof_cloner;
