/** A catalog query: rows of (kind, name, definition). All of them run with an empty search_path, so that names come out qualified. */
export type CatalogQuery = string;

/**
 * An object's definition, a labelled line an attribute: `type: integer`. Attributes that are null are left out;
 * the lines of a value go on indented, so that no value can pass for a label.
 */
export function definition(
  attributes: Readonly<Record<string, string>>,
  lines: readonly string[] = [],
): string {
  const labelled = Object.entries(attributes).map(
    ([label, value]) => `'${label}: ' || replace((${value})::text, E'\\n', E'\\n  ')`,
  );
  return `concat_ws(E'\\n', ${[...labelled, ...lines].join(', ')}) as definition`;
}

/** True where the schema is a user's: neither the system's nor One-Roof's own. */
export function isUserSchema(schema: string): string {
  return `${schema}.nspname !~ '^pg_' and ${schema}.nspname not in ('information_schema', 'one_roof')`;
}

/** Leaves out what belongs to an extension: its version stands for it. */
export function isNoMember(catalog: string, oid: string): string {
  return isNoMemberOf(`'${catalog}'::regclass`, oid);
}

/** The same, where the catalog is itself a column. */
export function isNoMemberOf(catalog: string, oid: string): string {
  return `not exists (
    select from pg_depend member
    where member.classid = ${catalog} and member.objid = ${oid} and member.deptype = 'e')`;
}

/** The extensions that an object goes with when they are dropped (`depends on extension`), which no definition shows. */
export function goesWith(catalog: string, oid: string): string {
  return `(
    select string_agg(quote_ident(x.extname), ', ' order by x.extname collate "C")
    from pg_depend d join pg_extension x on x.oid = d.refobjid
    where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.objsubid = 0
      and d.refclassid = 'pg_extension'::regclass and d.deptype = 'x')`;
}

export interface Grants {
  readonly acl: string;
  /** The letter that `acldefault` knows the kind by. */
  readonly letter: string;
  readonly owner: string;
}

/** A line a grantee. A null acl is spelled out as its default, so that `grant` and `revoke` leave what was there. */
export function grants({ acl, letter, owner }: Grants): string {
  return `(
    select string_agg(format('granted to %s: %s', grantee, privileges), E'\\n' order by grantee collate "C")
    from (
      select
        case g.grantee when 0 then 'public' else g.grantee::regrole::text end as grantee,
        string_agg(
          g.privilege_type
            || case when g.is_grantable then ' with grant option' else '' end
            || case when g.grantor <> ${owner} then ' by ' || g.grantor::regrole else '' end,
          ', ' order by g.privilege_type, g.is_grantable, g.grantor::regrole::text collate "C") as privileges
      from aclexplode(coalesce(${acl}, acldefault('${letter}', ${owner}))) g
      group by g.grantee
    ) granted)`;
}

/** Options `name=value` in the order of their names; a value that looks secret shows only that it changed. */
export function options(array: string): string {
  return `(select string_agg(${shown('option')}, ', ' order by option collate "C") from unnest(${array}) option)`;
}

/** One `name=value`; of a secret's only 32 bits of its SHA-256, enough to see a change. */
export function shown(option: string): string {
  return `case when split_part(${option}, '=', 1) ~* 'passw|secret|token|key'
    then split_part(${option}, '=', 1) || '=hidden ' || left(encode(sha256(convert_to(${option}, 'UTF8')), 'hex'), 8)
    else ${option} end`;
}

/** A mark such as `forced: yes`, and nothing where the condition does not hold. */
export function flag(condition: string, word = 'yes'): string {
  return `case when ${condition} then '${word}' end`;
}

/** When a trigger, rule or event trigger fires: nothing for the usual. */
export function firing(letter: string): string {
  return `case ${letter} when 'D' then 'never' when 'R' then 'on replicas' when 'A' then 'always' end`;
}
