import { ReleaseError } from '../../core/rules/release-error';
import type { Fingerprint } from '../../core/schema/fingerprint';
import type { Endpoint } from '../endpoint';
import { takeFingerprint } from '../fingerprint/take';
import { quoteIdentifier } from '../one-roof-schema';
import { withSession } from '../session';
import type { Session } from '../session';

/** What all sessions of a proof share. */
export interface BenchOptions {
  /** A cluster that holds nothing but what the proof makes in it. */
  readonly cluster: Endpoint;
  readonly contents: 'all' | 'none';
  readonly signal: AbortSignal;
}

const LOCK_TIMEOUT_MS = 60_000;
/** Longer than any step on databases that are as good as empty. */
const STATEMENT_TIMEOUT_MS = 120_000;

/** Databases of a proof: made, copied, looked at and dropped, each under a number. */
export class Workbench {
  private made = 0;

  private constructor(
    private readonly options: BenchOptions,
    private readonly maintenance: Session,
    private readonly strategy: string,
  ) {}

  /** @throws CONNECT_FAILED, … */
  static async open<T>(options: BenchOptions, work: (bench: Workbench) => Promise<T>): Promise<T> {
    return withSession(options.cluster, settingsOf(options), async (session) =>
      work(new Workbench(options, session, await strategyOn(session))),
    );
  }

  /** A new database: an exact copy of another one, or an empty one. Nobody may be connected to the original. */
  async copy(original = 'template0'): Promise<string> {
    this.made += 1;
    const name = `one_roof_prove_${this.made}`;
    await this.maintenance.query(
      `create database ${quoteIdentifier(name)} template ${quoteIdentifier(original)} ${this.strategy}`,
    );
    return name;
  }

  async drop(database: string): Promise<void> {
    await this.maintenance.query(`drop database ${quoteIdentifier(database)} with (force)`);
  }

  /** A copy for a while. Roles belong to no database: those that came meanwhile go with it. */
  async withCopy<T>(original: string, work: (copy: string) => Promise<T>): Promise<T> {
    const roles = await this.roles();
    const copy = await this.copy(original);
    try {
      return await work(copy);
    } finally {
      // an interrupted proof sends nothing more, and its cluster is removed
      if (!this.options.signal.aborted) await this.clear(copy, roles);
    }
  }

  private async clear(copy: string, kept: readonly string[]): Promise<void> {
    await this.drop(copy);
    for (const role of await this.roles()) if (!kept.includes(role)) await this.dropRole(role);
  }

  private async roles(): Promise<readonly string[]> {
    const { rows } = await this.maintenance.query('select rolname from pg_catalog.pg_roles');
    return rows.map((row) => String(row['rolname']));
  }

  private async dropRole(role: string): Promise<void> {
    await this.maintenance.query(`drop role ${quoteIdentifier(role)}`);
  }

  async fingerprint(database: string): Promise<Fingerprint> {
    const { contents } = this.options;
    return this.session(database, ({ client }) => takeFingerprint(client, { contents }));
  }

  /** A session of its own, so that no setting of one script reaches the next. */
  async session<T>(database: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { cluster, signal } = this.options;
    try {
      return await withSession({ ...cluster, database }, settingsOf(this.options), work);
    } catch (error) {
      if (signal.aborted) throw new ReleaseError('ABORTED', 'the proof was interrupted', { cause: error });
      throw error;
    }
  }
}

/** Files are copied faster than pages are logged; up to 14 that is the only way, and has no name. */
async function strategyOn(session: Session): Promise<string> {
  const { rows } = await session.query(
    `select pg_catalog.current_setting('server_version_num')::integer >= 150000 as named`,
  );
  return rows[0]?.['named'] === true ? 'strategy file_copy' : '';
}

function settingsOf({ signal }: BenchOptions) {
  return {
    application: 'one-roof prove',
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    signal,
  };
}
