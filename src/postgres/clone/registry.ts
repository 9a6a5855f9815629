import { ReleaseError } from '../../core/rules/release-error';
import type { Session } from '../session';

/** A database that we made, or are about to make. */
export interface MadeDatabase {
  readonly nonce: string;
  /** Who asked for it: a workflow id. */
  readonly owner: string;
  readonly name: string;
}

/** The registry of what we made, in the clone host's maintenance database: the intent is written before the database is. */
const REGISTRY = `
create schema if not exists one_roof;
create table if not exists one_roof.made_database (
  nonce text primary key,
  owner text not null,
  name text not null,
  oid oid,
  state text not null check (state in ('intended', 'made', 'dropped')),
  intended_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create table if not exists one_roof.golden (
  id text primary key,
  name text not null,
  nonce text not null,
  record jsonb not null,
  made_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  retired_at timestamptz
);
create unique index if not exists one_golden_of_a_name on one_roof.golden (name) where retired_at is null;
create unique index if not exists one_golden_of_a_nonce on one_roof.golden (nonce) where retired_at is null;`;

/** Is the table there? A clone host that nothing was made on has none, and an older One-Roof made no goldens. */
export async function hasRegistry(session: Session, table: 'made_database' | 'golden'): Promise<boolean> {
  const there = await session.query('select pg_catalog.to_regclass($1) is not null as yes', [
    `one_roof.${table}`,
  ]);
  return there.rows[0]?.['yes'] === true;
}

/** Installs the registry where it is missing; two workers may do so at once. */
export async function ensureRegistry(session: Session): Promise<void> {
  if (await hasRegistry(session, 'golden')) return; // the table that came last
  await session.client.query(
    `begin; select pg_catalog.pg_advisory_xact_lock(7954877705757748225);${REGISTRY} commit;`,
  );
}

/** Writes the intent; the same intent again is nothing new. */
export async function recordIntent(session: Session, made: MadeDatabase): Promise<void> {
  await session.query(
    `insert into one_roof.made_database (nonce, owner, name, state) values ($1, $2, $3, 'intended') on conflict (nonce) do nothing`,
    [made.nonce, made.owner, made.name],
  );
}

/** What became of a database of ours. */
export async function recordState(
  session: Session,
  nonce: string,
  change: { state: 'made' | 'dropped'; oid?: string },
): Promise<void> {
  const changed = await session.query(
    `update one_roof.made_database set state = $2, oid = coalesce($3::oid, oid), changed_at = clock_timestamp() where nonce = $1`,
    [nonce, change.state, change.oid ?? null],
  );
  if (changed.rowCount !== 1)
    throw new ReleaseError('CLONE_NOT_OURS', `the registry knows no database with nonce ${nonce}`);
}

/** Databases of ours that still exist: of one workflow, or of all. */
export async function listMade(session: Session, owner?: string): Promise<readonly MadeDatabase[]> {
  if (!(await hasRegistry(session, 'made_database'))) return [];
  const answer = await session.query(
    `select m.nonce, m.owner, m.name from one_roof.made_database m
      where m.state <> 'dropped' and ($1::text is null or m.owner = $1) order by m.intended_at`,
    [owner ?? null],
  );
  return answer.rows.map((row) => ({
    nonce: String(row['nonce']),
    owner: String(row['owner']),
    name: String(row['name']),
  }));
}
