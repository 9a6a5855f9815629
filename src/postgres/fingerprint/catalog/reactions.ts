import { definition, firing, goesWith, isNoMember, isUserSchema } from './describe';
import type { CatalogQuery } from './describe';

const rules: CatalogQuery = `
  select 'rule' as kind, format('%I.%I.%I', n.nspname, c.relname, r.rulename) as name,
    ${definition({ definition: 'pg_get_ruledef(r.oid)', fires: firing('r.ev_enabled') })}
  from pg_rewrite r
  join pg_class c on c.oid = r.ev_class
  join pg_namespace n on n.oid = c.relnamespace
  where r.rulename <> '_RETURN' and ${isUserSchema('n')}
    and ${isNoMember('pg_class', 'c.oid')} and ${isNoMember('pg_rewrite', 'r.oid')}`;

const triggers: CatalogQuery = `
  select 'trigger' as kind, format('%I.%I.%I', n.nspname, c.relname, g.tgname) as name,
    ${definition({
      definition: 'pg_get_triggerdef(g.oid)',
      fires: firing('g.tgenabled'),
      'goes with': goesWith('pg_trigger', 'g.oid'),
    })}
  from pg_trigger g
  join pg_class c on c.oid = g.tgrelid
  join pg_namespace n on n.oid = c.relnamespace
  where not g.tgisinternal and ${isUserSchema('n')}
    and ${isNoMember('pg_class', 'c.oid')} and ${isNoMember('pg_trigger', 'g.oid')}`;

const eventTriggers: CatalogQuery = `
  select 'event trigger' as kind, quote_ident(e.evtname) as name,
    ${definition({
      owner: 'e.evtowner::regrole',
      event: 'e.evtevent',
      function: 'e.evtfoid::regprocedure',
      tags: `array_to_string(e.evttags, ', ')`,
      fires: firing('e.evtenabled'),
    })}
  from pg_event_trigger e
  where ${isNoMember('pg_event_trigger', 'e.oid')}`;

const policies: CatalogQuery = `
  select 'policy' as kind, format('%I.%I.%I', n.nspname, c.relname, p.polname) as name,
    ${definition({
      effect: `case when p.polpermissive then 'permissive' else 'restrictive' end`,
      command: `case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
        when 'd' then 'delete' else 'all' end`,
      roles: `(
        select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text)
        from unnest(p.polroles) r)`,
      using: 'pg_get_expr(p.polqual, p.polrelid)',
      check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
    })}
  from pg_policy p
  join pg_class c on c.oid = p.polrelid
  join pg_namespace n on n.oid = c.relnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')} and ${isNoMember('pg_policy', 'p.oid')}`;

/** What acts when something else happens: rules, triggers, event triggers, row security. */
export const reactionQueries = [rules, triggers, eventTriggers, policies] as const;
