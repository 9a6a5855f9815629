import type { Loss } from '../core/schema/attempt';
import { Effects, countRows } from './effects';
import type { Session } from './session';

const EFFECTS = `
select l.effects from one_roof.ledger l
 where l.release = $1 and l.direction = 'apply' and l.finished_at is not null
   and exists (select from one_roof.in_effect e where e.release = l.release and e.package = l.package and e.tier = l.tier)
 order by l.claim, l.ordinal`;

/**
 * Rows that are in the tables which a release created, beyond those that it left there: others wrote them since, and a
 * rollback of it takes them away. Tables that existed before are not in it: their rows stay, less what the release inserted.
 */
export async function countLosses(session: Session, release: string): Promise<readonly Loss[]> {
  const ours = new Map<string, number>();
  for (const row of (await session.query(EFFECTS, [release])).rows) {
    const effects = Effects.safeParse(row['effects']).data;
    if (effects === undefined) continue;
    for (const [table, rows] of Object.entries(effects.created))
      ours.set(table, (ours.get(table) ?? 0) + rows);
    for (const [table, rows] of Object.entries(effects.inserted))
      if (ours.has(table)) ours.set(table, (ours.get(table) ?? 0) + rows);
  }
  const losses: Loss[] = [];
  for (const [table, rows] of ours) {
    const exists = await session.query('select pg_catalog.to_regclass($1) is not null as yes', [table]);
    if (exists.rows[0]?.['yes'] !== true) continue;
    const now = await countRows(session, table);
    if (now > rows) losses.push({ table, rows: now - rows });
  }
  return losses;
}

/** The document of the schema as it was before a release took its claim; null: it never did, or did not say. */
export async function readFingerprintBefore(session: Session, release: string): Promise<string | null> {
  const answer = await session.query('select fingerprint from one_roof.release where id = $1', [release]);
  const found = answer.rows[0]?.['fingerprint'];
  return typeof found === 'string' ? found : null;
}
