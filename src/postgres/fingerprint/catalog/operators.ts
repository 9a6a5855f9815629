import { definition, flag, isNoMember, isUserSchema } from './describe';
import type { CatalogQuery } from './describe';

const operators: CatalogQuery = `
  select 'operator' as kind, o.oid::regoperator::text as name,
    ${definition({
      owner: 'o.oprowner::regrole',
      function: 'nullif(o.oprcode::oid, 0)::regprocedure',
      result: 'format_type(nullif(o.oprresult, 0), null)',
      commutator: 'nullif(o.oprcom, 0)::regoperator',
      negator: 'nullif(o.oprnegate, 0)::regoperator',
      restrict: 'nullif(o.oprrest::oid, 0)::regproc',
      join: 'nullif(o.oprjoin::oid, 0)::regproc',
      hashes: flag('o.oprcanhash'),
      merges: flag('o.oprcanmerge'),
    })}
  from pg_operator o
  join pg_namespace n on n.oid = o.oprnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_operator', 'o.oid')}`;

const operatorClasses: CatalogQuery = `
  select 'operator class' as kind, format('%I.%I using %I', n.nspname, o.opcname, m.amname) as name,
    ${definition({
      owner: 'o.opcowner::regrole',
      type: 'format_type(o.opcintype, null)',
      storage: 'format_type(nullif(o.opckeytype, 0), null)',
      family: `(
        select format('%I.%I', s.nspname, f.opfname)
        from pg_opfamily f join pg_namespace s on s.oid = f.opfnamespace where f.oid = o.opcfamily)`,
      default: flag('o.opcdefault'),
    })}
  from pg_opclass o
  join pg_namespace n on n.oid = o.opcnamespace
  join pg_am m on m.oid = o.opcmethod
  where ${isUserSchema('n')} and ${isNoMember('pg_opclass', 'o.oid')}`;

const operatorFamilies: CatalogQuery = `
  select 'operator family' as kind, format('%I.%I using %I', n.nspname, f.opfname, m.amname) as name,
    ${definition({
      owner: 'f.opfowner::regrole',
      operators: `(
        select string_agg(format('%s %s%s', a.amopstrategy, a.amopopr::regoperator,
            case a.amoppurpose when 'o' then ' for order' else '' end), ', '
          order by a.amopstrategy, a.amopopr::regoperator::text collate "C")
        from pg_amop a where a.amopfamily = f.oid)`,
      functions: `(
        select string_agg(format('%s %s for %s, %s', p.amprocnum, p.amproc::oid::regprocedure,
            p.amproclefttype::regtype, p.amprocrighttype::regtype), '; '
          order by p.amprocnum, p.amproclefttype::regtype::text collate "C", p.amprocrighttype::regtype::text collate "C")
        from pg_amproc p where p.amprocfamily = f.oid)`,
    })}
  from pg_opfamily f
  join pg_namespace n on n.oid = f.opfnamespace
  join pg_am m on m.oid = f.opfmethod
  where ${isUserSchema('n')} and ${isNoMember('pg_opfamily', 'f.oid')}`;

const accessMethods: CatalogQuery = `
  select 'access method' as kind, quote_ident(m.amname) as name,
    ${definition({ handler: 'm.amhandler', type: 'm.amtype' })}
  from pg_am m
  where m.oid >= 16384 and ${isNoMember('pg_am', 'm.oid')}`;

const conversions: CatalogQuery = `
  select 'conversion' as kind, format('%I.%I', n.nspname, c.conname) as name,
    ${definition({
      owner: 'c.conowner::regrole',
      from: 'pg_encoding_to_char(c.conforencoding)',
      to: 'pg_encoding_to_char(c.contoencoding)',
      function: 'c.conproc',
      default: flag('c.condefault'),
    })}
  from pg_conversion c
  join pg_namespace n on n.oid = c.connamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_conversion', 'c.oid')}`;

const transforms: CatalogQuery = `
  select 'transform' as kind,
    format('%s for %I', format_type(t.trftype, null), (select lanname from pg_language where oid = t.trflang)) as name,
    ${definition({ from: 'nullif(t.trffromsql::oid, 0)::regprocedure', to: 'nullif(t.trftosql::oid, 0)::regprocedure' })}
  from pg_transform t
  where ${isNoMember('pg_transform', 't.oid')}`;

export const operatorQueries = [
  operators,
  operatorClasses,
  operatorFamilies,
  accessMethods,
  conversions,
  transforms,
] as const;
