import { definition, isNoMember, isUserSchema } from './describe';
import type { CatalogQuery } from './describe';

const configurations: CatalogQuery = `
  select 'text search configuration' as kind, format('%I.%I', n.nspname, c.cfgname) as name,
    ${definition({
      owner: 'c.cfgowner::regrole',
      parser: `(
        select format('%I.%I', s.nspname, p.prsname)
        from pg_ts_parser p join pg_namespace s on s.oid = p.prsnamespace where p.oid = c.cfgparser)`,
      mappings: `(
        select string_agg(k.alias || ' ' || m.mapdict::regdictionary, ', ' order by k.alias, m.mapseqno)
        from pg_ts_config_map m join ts_token_type(c.cfgparser) k on k.tokid = m.maptokentype
        where m.mapcfg = c.oid)`,
    })}
  from pg_ts_config c
  join pg_namespace n on n.oid = c.cfgnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_ts_config', 'c.oid')}`;

const dictionaries: CatalogQuery = `
  select 'text search dictionary' as kind, format('%I.%I', n.nspname, d.dictname) as name,
    ${definition({
      owner: 'd.dictowner::regrole',
      template: `(
        select format('%I.%I', s.nspname, t.tmplname)
        from pg_ts_template t join pg_namespace s on s.oid = t.tmplnamespace where t.oid = d.dicttemplate)`,
      options: 'd.dictinitoption',
    })}
  from pg_ts_dict d
  join pg_namespace n on n.oid = d.dictnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_ts_dict', 'd.oid')}`;

const parsers: CatalogQuery = `
  select 'text search parser' as kind, format('%I.%I', n.nspname, p.prsname) as name,
    ${definition({ functions: `concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)` })}
  from pg_ts_parser p
  join pg_namespace n on n.oid = p.prsnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_ts_parser', 'p.oid')}`;

const templates: CatalogQuery = `
  select 'text search template' as kind, format('%I.%I', n.nspname, t.tmplname) as name,
    ${definition({ functions: `concat_ws(' ', t.tmplinit, t.tmpllexize)` })}
  from pg_ts_template t
  join pg_namespace n on n.oid = t.tmplnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_ts_template', 't.oid')}`;

export const textSearchQueries = [configurations, dictionaries, parsers, templates] as const;
