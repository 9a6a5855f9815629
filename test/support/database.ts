import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The superuser's URL of the test cluster, for one database. */
export function urlOf(database: string, user?: { name: string; password: string }): string {
  const base = process.env['ONE_ROOF_TEST_PG'];
  if (base === undefined) throw new Error('the global set-up has not started the test cluster');
  const url = new URL(base);
  url.pathname = `/${database}`;
  if (user !== undefined) {
    url.username = user.name;
    url.password = user.password;
  }
  return url.toString();
}

/** Opens a connection, hands it over and closes it, whatever happens. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Creates an empty database of a fresh name; the caller drops it, or leaves it to the end of the cluster. */
export async function freshDatabase(prefix = 't', template = 'template0'): Promise<string> {
  const name = `${prefix}_${randomBytes(5).toString('hex')}`;
  await withClient(urlOf('postgres'), (client) =>
    client.query(`create database "${name}" template "${template}"`),
  );
  return name;
}
