import { urlOf, withClient } from '../support/database';

/** Where the old values can still be found: rows, statistics, and the bytes of every table's file. */
export async function left(database: string): Promise<readonly string[]> {
  return withClient(urlOf(database), async (client) => {
    await client.query('checkpoint');
    const found: string[] = [];
    const files = await client.query<{ name: string; bytes: Buffer | null }>(
      `select oid::regclass::text as name, pg_read_binary_file(pg_relation_filepath(oid), 0, 9999999, true) as bytes
         from pg_class where relkind in ('r', 'm', 'i', 't') and relnamespace in ('public'::regnamespace, 'pg_toast'::regnamespace)
        union all select 'pg_statistic', pg_read_binary_file(pg_relation_filepath('pg_statistic'), 0, 9999999, true)`,
    );
    for (const { name, bytes } of files.rows)
      if (bytes?.includes('secret.example') === true || bytes?.includes('555-') === true) found.push(name);
    return found;
  });
}
