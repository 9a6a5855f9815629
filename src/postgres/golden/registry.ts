import { ReleaseError } from '../../core/rules/release-error';
import { GoldenRecord } from '../../core/schema/golden';
import { readMarker } from '../clone/marker';
import { ensureRegistry, hasRegistry } from '../clone/registry';
import type { Session } from '../session';

/** A golden as the clone host's registry has it. */
export interface RegisteredGolden {
  readonly name: string;
  /** Of the database that is the golden now; each reset gives it another. */
  readonly nonce: string;
  readonly record: GoldenRecord;
  readonly madeAt: string;
  readonly changedAt: string;
  readonly retiredAt: string | null;
}

const COLUMNS = `name, nonce, record, pg_catalog.to_json(made_at) as made_at, pg_catalog.to_json(changed_at) as changed_at,
  pg_catalog.to_json(retired_at) as retired_at`;

/** All goldens of a clone host, those that were retired as well, the newest first. */
export async function listGoldens(session: Session): Promise<readonly RegisteredGolden[]> {
  if (!(await hasRegistry(session, 'golden'))) return [];
  const found = await session.query(`select ${COLUMNS} from one_roof.golden g order by g.made_at desc`);
  return found.rows.map(registered);
}

/** The golden of a name; undefined where there is none, or where it was retired. */
export async function findGolden(session: Session, name: string): Promise<RegisteredGolden | undefined> {
  return (await listGoldens(session)).find((golden) => golden.name === name && golden.retiredAt === null);
}

/** @throws GOLDEN_UNKNOWN naming those that there are */
export async function goldenOf(session: Session, name: string): Promise<RegisteredGolden> {
  const golden = await findGolden(session, name);
  if (golden !== undefined) return golden;
  const known = (await listGoldens(session)).flatMap((each) => (each.retiredAt === null ? [each.name] : []));
  throw new ReleaseError(
    'GOLDEN_UNKNOWN',
    `there is no golden ${name}; there are ${known.join(', ') || 'none'}`,
  );
}

export interface GoldenEntry {
  readonly name: string;
  readonly nonce: string;
  readonly record: GoldenRecord;
  /** Whose the database is from now on: no rehearsal's. */
  readonly owner: string;
}

/**
 * Makes a kept clone a golden, or gives a golden the record of a newer snapshot; the same once more changes nothing.
 * @throws CLONE_NOT_OURS where the database is not there any more under that name and marker
 */
export async function enterGolden(session: Session, entry: GoldenEntry): Promise<void> {
  await ensureRegistry(session);
  await within(session, async () => {
    await session.query('select from one_roof.made_database where nonce = $1 for update', [entry.nonce]);
    if ((await readMarker(session, entry.name))?.ours?.nonce !== entry.nonce)
      throw new ReleaseError('CLONE_NOT_OURS', `database ${entry.name} is not the clone that was looked at`);
    await session.query(
      'update one_roof.made_database set owner = $2, changed_at = clock_timestamp() where nonce = $1',
      [entry.nonce, entry.owner],
    );
    await session.query(
      `insert into one_roof.golden (id, name, nonce, record) values ($1, $2, $1, $3)
       on conflict (nonce) where retired_at is null do update set record = excluded.record, changed_at = clock_timestamp()`,
      [entry.nonce, entry.name, JSON.stringify(entry.record)],
    );
  });
}

/** From now on it is a database like others that we made, and may be dropped; its row stays. */
export async function retireGolden(session: Session, name: string): Promise<RegisteredGolden> {
  const golden = await findGolden(session, name);
  if (golden === undefined) {
    const retired = (await listGoldens(session)).find((each) => each.name === name);
    return retired ?? (await goldenOf(session, name)); // what an attempt that died has retired
  }
  const retired = await session.query(
    'update one_roof.golden set retired_at = clock_timestamp() where nonce = $1 and retired_at is null',
    [golden.nonce],
  );
  if (retired.rowCount === 1) return golden;
  throw new ReleaseError('SUPERSEDED', `golden ${name} was reset or retired meanwhile by another hand`);
}

/** One transaction, undone as a whole where its work fails. */
export async function within<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('begin');
  try {
    const result = await work();
    await session.query('commit');
    return result;
  } catch (error) {
    await session.query('rollback').catch(() => undefined); // a lost session has rolled back by itself
    throw error;
  }
}

function registered(row: Readonly<Record<string, unknown>>): RegisteredGolden {
  return {
    name: String(row['name']),
    nonce: String(row['nonce']),
    record: GoldenRecord.parse(row['record']),
    madeAt: String(row['made_at']),
    changedAt: String(row['changed_at']),
    retiredAt: typeof row['retired_at'] === 'string' ? row['retired_at'] : null,
  };
}
