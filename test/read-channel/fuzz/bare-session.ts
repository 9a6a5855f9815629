import { randomBytes } from 'node:crypto';
import { ReleaseError } from '../../../src/core/rules/release-error';
import { cappedRead } from '../../../src/postgres/channel/capped-read';
import type { Caps } from '../../../src/postgres/channel/capped-read';
import type { Endpoint } from '../../../src/postgres/endpoint';
import { withSession } from '../../../src/postgres/session';
import { withClient } from '../../support/database';
import type { ChannelDatabase } from '../channel-cluster';

/** A role that may write everywhere, without a way to the machine: for it, nothing but the judgement stands between a text and its effect. */
export async function createWriter(
  databases: readonly ChannelDatabase[],
): Promise<(database: ChannelDatabase) => Endpoint> {
  const password = randomBytes(16).toString('hex');
  const [first] = databases;
  if (first === undefined) throw new Error('no database');
  await withClient(first.url, (client) =>
    client.query(`create role writer login password '${password}'; ${GRANTS}`),
  );
  for (const { url } of databases)
    await withClient(url, (client) =>
      client.query(`grant all on schema public, app to writer; grant all on all tables in schema public to writer;
        grant all on all sequences in schema public to writer`),
    );
  return ({ reader }) => ({ ...reader, user: 'writer', password });
}

const GRANTS = 'grant pg_read_all_data, pg_write_all_data, pg_monitor, pg_signal_backend to writer';

/** Runs a text that has been permitted in a transaction that may write, and commits it. What the server refuses is no matter here. */
export async function runAndCommit(writer: Endpoint, text: string, caps: Caps): Promise<void> {
  const settings = {
    application: 'one-roof query',
    lockTimeoutMs: 1_000,
    statementTimeoutMs: caps.milliseconds,
    startup: { search_path: 'pg_catalog,public,pg_temp', client_min_messages: 'error' },
  };
  try {
    await withSession(writer, settings, async (session) => {
      await session.query('begin');
      await cappedRead(session, text, { caps, values: 'text' });
      await session.query('commit');
    });
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code === 'INTERNAL') throw error;
  }
}
