import type { ClientBase } from 'pg';
import { isNoMember, isUserSchema } from './catalog/describe';

/** How many sequences one query reads: a position is read from the sequence itself, as from a table. */
const BATCH = 200;

const SEQUENCES = `
  select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'S' and ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')}
  order by 1`;

/** Where each sequence stands: `41`, or `1 (not called)`. */
export async function readSequencePositions(client: ClientBase): Promise<Record<string, string>> {
  const names = (await client.query<{ name: string }>(SEQUENCES)).rows.map((row) => row.name);
  const positions: Record<string, string> = {};
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    const { rows } = await client.query<{ place: number; position: string }>(
      batch.map((name, place) => positionOf(name, place)).join(' union all '),
    );
    for (const { place, position } of rows) {
      const name = batch[place];
      if (name !== undefined) positions[name] = position;
    }
  }
  return positions;
}

function positionOf(name: string, place: number): string {
  return `select ${place} as place, last_value || case when is_called then '' else ' (not called)' end as position
    from ${name}`;
}
