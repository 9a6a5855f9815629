import { definition, flag, goesWith, grants, isNoMember, isUserSchema } from './describe';
import type { CatalogQuery } from './describe';

/** Functions, procedures and window functions, each as PostgreSQL would create it again. */
const functions: CatalogQuery = `
  select
    case p.prokind when 'p' then 'procedure' else 'function' end as kind,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name,
    ${definition(
      {
        owner: 'p.proowner::regrole',
        definition: 'pg_get_functiondef(p.oid)',
        'goes with': goesWith('pg_proc', 'p.oid'),
      },
      [grants({ acl: 'p.proacl', letter: 'f', owner: 'p.proowner' })],
    )}
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace
  where p.prokind <> 'a' and ${isUserSchema('n')} and ${isNoMember('pg_proc', 'p.oid')}`;

/** Aggregates by their parts, for no function of PostgreSQL's shows them whole. */
const aggregates: CatalogQuery = `
  select 'aggregate' as kind,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name,
    ${definition(
      {
        owner: 'p.proowner::regrole',
        arguments: 'pg_get_function_arguments(p.oid)',
        result: 'pg_get_function_result(p.oid)',
        kind: `case a.aggkind when 'o' then 'ordered set' when 'h' then 'hypothetical set' end`,
        state: `a.aggtransfn::regprocedure || ' on ' || format_type(a.aggtranstype, null)`,
        space: 'nullif(a.aggtransspace, 0)',
        final: `nullif(a.aggfinalfn, 0)::regprocedure || concat(' ', a.aggfinalmodify, a.aggfinalextra)`,
        combine: 'nullif(a.aggcombinefn, 0)::regprocedure',
        serial: 'nullif(a.aggserialfn, 0)::regprocedure',
        deserial: 'nullif(a.aggdeserialfn, 0)::regprocedure',
        'moving state': `nullif(a.aggmtransfn, 0)::regprocedure || ' on ' || format_type(a.aggmtranstype, null)`,
        'moving space': 'nullif(a.aggmtransspace, 0)',
        'moving inverse': 'nullif(a.aggminvtransfn, 0)::regprocedure',
        'moving final': `nullif(a.aggmfinalfn, 0)::regprocedure || concat(' ', a.aggmfinalmodify, a.aggmfinalextra)`,
        initial: 'a.agginitval',
        'moving initial': 'a.aggminitval',
        'sort operator': 'nullif(a.aggsortop, 0)::regoperator',
        parallel: `case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end`,
      },
      [grants({ acl: 'p.proacl', letter: 'f', owner: 'p.proowner' })],
    )}
  from pg_aggregate a
  join pg_proc p on p.oid = a.aggfnoid
  join pg_namespace n on n.oid = p.pronamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_proc', 'p.oid')}`;

/** Languages of one's own; of those that come with PostgreSQL only what others may do with them. */
const languages: CatalogQuery = `
  select 'language' as kind, quote_ident(l.lanname) as name,
    ${definition(
      {
        owner: 'own.owner',
        trusted: flag('own.owner is not null and l.lanpltrusted'),
        handler: 'case when own.owner is not null then nullif(l.lanplcallfoid, 0)::regprocedure end',
        inline: 'case when own.owner is not null then nullif(l.laninline, 0)::regprocedure end',
        validator: 'case when own.owner is not null then nullif(l.lanvalidator, 0)::regprocedure end',
        'usage for': `(
          select string_agg(case g.grantee when 0 then 'public' else g.grantee::regrole::text end
              || case when g.is_grantable then ' with grant option' else '' end, ', '
            order by g.grantee::regrole::text collate "C")
          from aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) g where g.grantee <> l.lanowner)`,
      },
      [],
    )}
  from pg_language l
  cross join lateral (
    select case when l.oid >= 16384 and ${isNoMember('pg_language', 'l.oid')} then l.lanowner::regrole end as owner
  ) own
  where l.lanname not in ('internal', 'c')`;

export const routineQueries = [functions, aggregates, languages] as const;
