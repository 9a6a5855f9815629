import { Client, escapeLiteral } from 'pg';

/** What a statement may not move, cheap enough to be asked after each: an id is assigned for whatever else is written. */
export type State = Readonly<Record<string, unknown>>;

const QUICK = `
select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text as "next transaction id",
       pg_catalog.pg_current_wal_insert_lsn()::text as "log position",
       (select count(*) from public.audit_hits) as "rows of audit_hits",
       (select string_agg(s.sequencename || ' ' || coalesce(s.last_value::text, '-'), ', ' order by s.schemaname, s.sequencename) from pg_catalog.pg_sequences s) as sequences,
       (select count(*) from pg_catalog.pg_locks where locktype = 'advisory') as "advisory locks",
       (select count(*) from pg_catalog.pg_prepared_xacts) as "prepared transactions",
       (select count(*) from pg_catalog.pg_replication_slots) as "replication slots",
       (select count(*) from pg_catalog.pg_replication_origin) as "replication origins",
       (select string_agg(f, ' ') from pg_catalog.pg_ls_dir('pg_snapshots') f) as "exported snapshots",
       (select count(*) from pg_catalog.pg_ls_tmpdir()) as "temporary files",
       (select modification from pg_catalog.pg_stat_file('postgresql.auto.conf')) as "configuration"`;

const SESSIONS = `select count(*)::int as n from pg_catalog.pg_stat_activity where usename in ('ro_channel', 'writer')`;
const GONE_LIMIT_MS = 10_000;

/** A superuser's session that watches the database from outside, and listens. */
export class Onlooker {
  private readonly heard: string[] = [];
  private last: State | undefined;

  private constructor(
    private readonly client: Client,
    private readonly goneLimitMs: number,
  ) {}

  /** `goneLimitMs`: how long a session of the reader's may outlive its read; without a judge before it, as long as its work takes. */
  static async at(url: string, goneLimitMs = GONE_LIMIT_MS): Promise<Onlooker> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const onlooker = new Onlooker(client, goneLimitMs);
    client.on('notification', ({ channel, payload }) => onlooker.heard.push(`${channel} ${payload ?? ''}`));
    await client.query('listen ch');
    return onlooker;
  }

  end(): Promise<void> {
    return this.client.end();
  }

  /** Waits until no session of the reader's is left, and looks. @throws where one stays */
  async look(): Promise<State> {
    await this.untilAlone();
    const { rows } = await this.client.query<Record<string, unknown>>(QUICK);
    this.last = { ...rows[0], notifications: this.heard.length };
    return this.last;
  }

  /** What has moved since the last look. */
  async changes(): Promise<readonly string[]> {
    const before = this.last;
    const after = await this.look();
    return before === undefined ? [] : moved(before, after);
  }

  /** Takes away what would outlive the session that left it. */
  async cleanUp(): Promise<void> {
    const { rows } = await this.client.query<{ gid: string }>('select gid from pg_catalog.pg_prepared_xacts');
    for (const { gid } of rows) await this.client.query(`rollback prepared ${escapeLiteral(gid)}`);
  }

  /** Everything that is stored, table by table, those of the catalog too; and what a new session finds set. */
  async lookAtAll(): Promise<State> {
    const { rows } = await this.client.query<{ name: string }>(TABLES);
    const state: Record<string, unknown> = {};
    for (const { name } of rows) {
      const text = `select md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) as digest from ${name} t`;
      state[name] = (await this.client.query<{ digest: string }>(text)).rows[0]?.digest;
    }
    state['settings'] = (await this.client.query<{ digest: string }>(SETTINGS)).rows[0]?.digest;
    return { ...state, ...(await this.look()) }; // last, for reading every page may tidy some
  }

  private async untilAlone(): Promise<void> {
    const end = Date.now() + this.goneLimitMs;
    while (Date.now() < end) {
      const { rows } = await this.client.query<{ n: number }>(SESSIONS);
      if (rows[0]?.n === 0) return;
    }
    throw new Error('a session of the reader lives on');
  }
}

const TABLES = `
select c.oid::regclass::text as name from pg_catalog.pg_class c
 where c.relkind in ('r', 'm') and c.relpersistence = 'p' and c.relnamespace <> 'pg_toast'::regnamespace order by 1`;

const SETTINGS = `
select md5(string_agg(name || '=' || coalesce(setting, '-') || ' ' || source, e'\\n' order by name)) as digest from pg_catalog.pg_settings`;

/** The names of what differs. */
export function moved(before: State, after: State): readonly string[] {
  return Object.keys({ ...before, ...after }).flatMap((name) =>
    String(before[name]) === String(after[name])
      ? []
      : [`${name}: ${String(before[name])} -> ${String(after[name])}`],
  );
}
