import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueryResult } from 'pg';
import { superuserUrl } from '../../../src/embedded/postgres-cluster';
import type { StateDirectory } from '../../../src/embedded/state';
import { secret } from '../../../src/embedded/state';
import { withClient } from '../../support/database';
import { CHECKOUT } from '../../support/temporal';

export const PRODUCTION = 'directus';

/** closed: as it was loaded, nobody has approved. approved: the same after the approvals application has. */
const TEMPLATES = { closed: 'acceptance_closed', approved: 'acceptance_approved' } as const;

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Statements of a superuser, one message. */
export async function superuser(
  state: StateDirectory,
  sql: string,
  database: string = PRODUCTION,
): Promise<Rows> {
  const query = (client: {
    query(text: string): Promise<QueryResult<Record<string, unknown>>>;
  }): Promise<QueryResult<Record<string, unknown>>> => client.query(sql);
  return (await withClient(superuserUrl(state, database), query)).rows;
}

/** Keeps what was loaded as templates; nobody may be connected. A copy has the original's registration. */
export async function keepGreenfield(state: StateDirectory): Promise<void> {
  await superuser(state, `create database ${TEMPLATES.closed} template ${PRODUCTION}`, 'postgres');
  await superuser(state, `create database ${TEMPLATES.approved} template ${PRODUCTION}`, 'postgres');
  await approve(state, TEMPLATES.approved);
}

/** Production as it was in the beginning, whatever has become of it. The application connects again by itself. */
export async function greenfield(state: StateDirectory, gate: keyof typeof TEMPLATES): Promise<void> {
  await superuser(state, `drop database if exists ${PRODUCTION} with (force)`, 'postgres');
  const create = `create database ${PRODUCTION} owner directus_dba template ${TEMPLATES[gate]}`;
  await superuser(state, create, 'postgres');
}

/** What the approvals application does, by its own role: it opens the hard gate. */
export async function approve(state: StateDirectory, database: string = PRODUCTION): Promise<void> {
  await asRole(state, { role: 'approvals_app', database }, scene('approve.sql'));
}

/** The row after the rehearsal that tier 5 will refuse. */
export async function intrude(state: StateDirectory): Promise<void> {
  await asRole(state, { role: 'directus_app', database: PRODUCTION }, scene('intruder.sql'));
}

async function asRole(
  state: StateDirectory,
  who: { readonly role: string; readonly database: string },
  sql: string,
): Promise<void> {
  const url = new URL(superuserUrl(state, who.database));
  url.username = who.role;
  url.password = secret(state, who.role);
  await withClient(url.toString(), (client) => client.query(sql));
}

function scene(file: string): string {
  return readFileSync(join(CHECKOUT, 'sql', 'directus', file), 'utf8');
}
