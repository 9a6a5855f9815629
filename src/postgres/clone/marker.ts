import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import { quoteIdentifier, quoteLiteral } from '../one-roof-schema';
import { MARKER } from '../registration';
import type { Session } from '../session';

/** What a clone's comment says of it; a comment is not copied with a database. Invariant 8. */
export const CloneMarker = z.object({ system: z.string(), oid: z.string(), nonce: z.string() });
export type CloneMarker = Readonly<z.infer<typeof CloneMarker>>;

/** Puts the marker on a database that bears our nonce in its name. @returns its oid. */
export async function markDatabase(session: Session, database: string, nonce: string): Promise<string> {
  const found = await readMarker(session, database);
  if (found === undefined)
    throw new ReleaseError('INTERNAL', `database ${database} vanished while it was made`);
  const answer = await session.query(
    'select system_identifier::text as system from pg_catalog.pg_control_system()',
  );
  const marker: CloneMarker = { system: String(answer.rows[0]?.['system']), oid: found.oid, nonce };
  await session.query(
    `comment on database ${quoteIdentifier(database)} is ${quoteLiteral(`one-roof clone ${JSON.stringify(marker)}`)}`,
  );
  return found.oid;
}

/** The marker of a database by its name, together with what is true of it: a marker that was copied by hand does not match. */
export async function readMarker(
  session: Session,
  database: string,
): Promise<{ oid: string; ours: CloneMarker | undefined } | undefined> {
  const answer = await session.query(
    `select d.oid::text, pg_catalog.shobj_description(d.oid, 'pg_database') as comment,
            (select system_identifier::text from pg_catalog.pg_control_system()) as system
       from pg_catalog.pg_database d where d.datname = $1`,
    [database],
  );
  const row = answer.rows[0];
  if (row === undefined) return undefined;
  const oid = String(row['oid']);
  const marker = parseMarker(row['comment']);
  const ours = marker?.oid === oid && marker.system === row['system'] ? marker : undefined;
  return { oid, ours };
}

function parseMarker(comment: unknown): CloneMarker | undefined {
  const json = typeof comment === 'string' ? MARKER.exec(comment)?.[1] : undefined;
  if (json === undefined) return undefined;
  try {
    return CloneMarker.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined; // a comment that only begins like ours is not ours
  }
}
