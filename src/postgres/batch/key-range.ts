import type { Session } from '../session';
import type { KeyColumn } from './key-column';

/** A range of keys, both ends in it, as text. */
export interface KeyRange {
  readonly first: string;
  readonly last: string;
  /** How many keys there were when it was read. */
  readonly keys: number;
}

/** The next keys behind the cursor, as many as a batch takes; undefined: there are none. */
export async function readNextRange(
  session: Session,
  key: KeyColumn,
  from: { readonly cursor: string | null; readonly size: number },
): Promise<KeyRange | undefined> {
  const { cursor, size } = from;
  const answer =
    cursor === null
      ? await session.query(rangeSql(key, ''), [size])
      : await session.query(rangeSql(key, `where ${key.key} > $2::${key.type}`), [size, cursor]);
  const row = answer.rows[0];
  const { first, last, keys } = row ?? {};
  if (typeof first !== 'string' || typeof last !== 'string') return undefined; // there is none: the walk is at its end
  return { first, last, keys: Number(keys) };
}

/** `min` and `max` do not know every type that has an order (uuid before 18); the ends of an ordered list do. */
function rangeSql({ table, key }: KeyColumn, behind: string): string {
  const end = (direction: 'asc' | 'desc'): string =>
    `(select pg_catalog.to_jsonb(k) #>> '{}' from keys order by k ${direction} limit 1)`;
  return `with keys as materialized (select ${key} as k from ${table} ${behind} order by ${key} limit $1)
select ${end('asc')} as first, ${end('desc')} as last, (select count(*) from keys) as keys`;
}
