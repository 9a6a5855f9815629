import { ReleaseError } from '../core/rules/release-error';
import type { DatabaseIdentity } from '../core/schema/check';
import type { ReleasePlan } from '../core/schema/plan';
import type { Session } from './session';

export const OLDEST_SUPPORTED = 14;
export const NEWEST_SUPPORTED = 18;

/** Who answers: read with the reader's rights. The timeline is that of the last checkpoint's WAL file. */
export async function readIdentity(session: Session): Promise<DatabaseIdentity> {
  const answer = await session.query(
    `select pg_catalog.current_database() as database, pg_catalog.current_setting('server_version_num')::int as version,
            (select system_identifier::text from pg_catalog.pg_control_system()) as system,
            (select timeline_id from pg_catalog.pg_control_checkpoint()) as timeline,
            (select oid::text from pg_catalog.pg_database where datname = pg_catalog.current_database()) as oid,
            (select name from one_roof.target) as name,
            (select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(nonce, 'UTF8')), 'hex') from one_roof.target) as registration`,
  );
  const row = answer.rows[0] ?? {};
  return {
    database: String(row['database']),
    version: Number(row['version']),
    systemIdentifier: String(row['system']),
    timeline: Number(row['timeline']),
    oid: String(row['oid']),
    name: String(row['name']),
    registration: String(row['registration']),
  };
}

/** The name and the version alone, which every database can tell, prepared or not. */
export async function readDatabase(
  session: Session,
): Promise<Pick<DatabaseIdentity, 'database' | 'version'>> {
  const answer = await session.query(
    `select pg_catalog.current_database() as database, pg_catalog.current_setting('server_version_num')::int as version`,
  );
  return { database: String(answer.rows[0]?.['database']), version: Number(answer.rows[0]?.['version']) };
}

/** @throws VERSION_UNSUPPORTED, WRONG_DATABASE where this is not what the package is for. */
export function verifyFits(
  identity: Pick<DatabaseIdentity, 'database' | 'version'>,
  database: ReleasePlan['database'],
): void {
  const major = Math.floor(identity.version / 10_000);
  const least = Number(database.postgres.slice(2));
  if (major < Math.max(least, OLDEST_SUPPORTED) || major > NEWEST_SUPPORTED) {
    throw new ReleaseError(
      'VERSION_UNSUPPORTED',
      `the server is PostgreSQL ${major}; the package needs ${database.postgres}, One-Roof ${OLDEST_SUPPORTED} to ${NEWEST_SUPPORTED}`,
    );
  }
  if (identity.database !== database.name) {
    throw new ReleaseError(
      'WRONG_DATABASE',
      `this is database ${identity.database}; the package is for ${database.name}`,
    );
  }
}
