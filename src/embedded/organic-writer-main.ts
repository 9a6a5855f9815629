import { readFileSync } from 'node:fs';
import { Client } from 'pg';

/**
 * The stand-in's application at work, a process of its own: `node organic-writer-main.js FILE URL`. The password comes
 * from PGPASSFILE. It outlives restarts of the database, as applications do, and ends by SIGTERM.
 */
const EVERY_MS = 500;
const [, , file = '', url = ''] = process.argv;
const statement = readFileSync(file, 'utf8');
let client: Client | undefined;

process.once('SIGTERM', () => process.exit(0));
setInterval(() => void write(), EVERY_MS);

let writing = false;

async function write(): Promise<void> {
  if (writing) return;
  writing = true;
  try {
    client ??= await open();
    await client.query(statement);
  } catch (error) {
    console.error(`${new Date().toISOString()} ${error instanceof Error ? error.message : String(error)}`);
    forget();
  } finally {
    writing = false;
  }
}

async function open(): Promise<Client> {
  const opened = new Client({
    connectionString: url,
    application_name: 'directus',
    lock_timeout: 5_000,
    statement_timeout: 10_000,
    connectionTimeoutMillis: 5_000,
  });
  opened.on('error', forget); // the server went away: the next round connects anew
  await opened.connect();
  return opened;
}

function forget(): void {
  const lost = client;
  client = undefined;
  lost?.end().catch(() => undefined); // it is lost already
}
