-- The roles of the stand-in production, and who may create tables.
-- Roles belong to the cluster, so the file may meet them: it creates only what is missing.

do $$
declare
  wanted text;
begin
  foreach wanted in array array['directus_app', 'governance_owner', 'approvals_app'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I nologin', wanted);
    end if;
  end loop;
end $$;

-- Up to PostgreSQL 14 everybody may create in public; here each application keeps its own tables and nobody
-- else's.
revoke create on schema public from public;
grant create on schema public to directus_app, governance_owner, approvals_app;
