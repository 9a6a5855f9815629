import { ReleaseError } from '../../core/rules/release-error';
import type { Session } from '../session';

/** An index that was not finished, and the process that is at it now, if any. */
export interface InvalidIndex {
  /** As PostgreSQL quotes it. */
  readonly name: string;
  readonly table: string;
  readonly builder: string | undefined;
}

/** What a query over pg_index `i` selects to tell of an index; another session that builds on its table is named. */
export const INVALID_INDEX = `
pg_catalog.format('%I.%I', (select nspname from pg_catalog.pg_namespace where oid = x.relnamespace), x.relname) as name,
i.indrelid::regclass::text as "table",
(select pg_catalog.format('process %s (%s)', p.pid, pg_catalog.concat_ws(', ', a.usename, nullif(a.application_name, '')))
   from pg_catalog.pg_stat_progress_create_index p left join pg_catalog.pg_stat_activity a on a.pid = p.pid
  where p.datname = pg_catalog.current_database() and p.relid = i.indrelid and p.pid <> pg_catalog.pg_backend_pid() limit 1) as builder`;

export function invalidIndexOf(row: Readonly<Record<string, unknown>>): InvalidIndex {
  const builder = row['builder'];
  return {
    name: String(row['name']),
    table: String(row['table']),
    builder: typeof builder === 'string' ? builder : undefined,
  };
}

/**
 * Drops an index that nobody finishes any more. Our own dead attempt is gone, for we hold the session lock; whoever still builds
 * on the table may be at this very index, and is waited for. @throws LOCK_TIMEOUT naming him
 */
export async function dropInvalid(session: Session, { name, table, builder }: InvalidIndex): Promise<void> {
  if (builder !== undefined) {
    throw new ReleaseError(
      'LOCK_TIMEOUT',
      `index ${name} is invalid, and ${builder} is building on ${table}`,
    );
  }
  await session.query(`drop index concurrently if exists ${name}`);
}
