import { Client } from 'pg';
import type { AttemptResult, StatementMeasure, TierAttempt } from '../../src/core/schema/attempt';
import type { Progress } from '../../src/core/schema/heartbeat';
import type { PlannedTier } from '../../src/core/schema/plan';
import { cutStatements } from '../../src/package/statements';
import { attemptAutocommitTier } from '../../src/postgres/autocommit/attempt';
import type { SessionSettings } from '../../src/postgres/connection';
import { attemptApplication } from '../../src/postgres/session-lock';
import { withSession } from '../../src/postgres/session';
import type { Session } from '../../src/postgres/session';
import { urlOf, withClient } from '../support/database';
import { NONCE, attemptOf, endpointOf, plannedTier, preparedDatabase } from '../support/prepared';
import { openRelease } from './shop';

const LIMITS = { lockTimeoutMs: 200, statementTimeoutMs: 30_000 } as const;
const BESIDE = { application: 'one-roof looks on', ...LIMITS, readOnly: true } as const;

/** One attempt at a tier: its SQL, and what is different about it. */
export interface Try {
  readonly apply: string;
  /** Given: it is rolled back. */
  readonly rollback?: string;
  readonly change?: Partial<TierAttempt>;
  readonly rules?: Partial<PlannedTier['rules']>;
  readonly probe?: string;
  readonly limits?: Partial<SessionSettings>;
  readonly onProgress?: (progress: Progress) => void;
  /** Stands between the attempt and its session. */
  readonly faulty?: (session: Session) => Session;
}

export type Tried = AttemptResult & { readonly ran: readonly StatementMeasure[] };

/** A release that holds a database with these tables, and tries a tier outside transactions in it. */
export async function openAutocommitRelease(sql: string) {
  const database = await preparedDatabase(sql);
  const shop = await openRelease('first', database);
  const attempt = async (ordinal: number, what: Try): Promise<Tried> => {
    const hold = { release: 'first', claim: shop.claim, ordinal };
    const tier = plannedTier('10_orders', { transaction: false, ...what.rules });
    const planned = attemptOf(tier, hold, {
      direction: what.rollback === undefined ? 'apply' : 'rollback',
      ...what.change,
    });
    const applied = await cut(what.apply);
    const work = {
      attempt: planned,
      file: '10_orders.sql',
      statements: what.rollback === undefined ? applied : await cut(what.rollback),
      applied,
      probe: await cut(what.probe ?? '', 'transaction'),
      nonce: NONCE,
      beside: (look: (session: Session) => Promise<void>) =>
        withSession(endpointOf(database, 'executor'), BESIDE, look),
      ...(what.onProgress === undefined ? {} : { onProgress: what.onProgress }),
    };
    const settings = { application: attemptApplication(hold, '10_orders'), ...LIMITS, ...what.limits };
    const { result, measures } = await withSession(endpointOf(database, 'executor'), settings, (session) =>
      attemptAutocommitTier(what.faulty?.(session) ?? session, work),
    );
    return { ...result, ran: measures };
  };
  return { ...shop, attempt, ...watching(database) };
}

/** What others see and do in the database. */
function watching(database: string) {
  const rows = (sql: string) =>
    withClient(urlOf(database), async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  const until = async (fact: string): Promise<void> => {
    for (let tries = 0; tries < 500; tries++) {
      if ((await rows(`select ${fact} as yes`))[0]?.['yes'] === true) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`it never came true: ${fact}`);
  };
  return {
    rows,
    until,
    /** A statement of the attempt waits for somebody. */
    untilItWaits: () => until(`exists (select ${ATTEMPTS} and wait_event_type = 'Lock')`),
    /** Kills the attempt as an operator or a crash would. */
    kill: async (): Promise<void> => {
      await rows(`select pg_terminate_backend(pid) ${ATTEMPTS}`);
      await until(`not exists (select ${ATTEMPTS})`);
    },
    /** By hand, as it went wrong elsewhere. */
    cutOffByLockTimeout: (sql: string) =>
      withClient(urlOf(database), async (client) => {
        await client.query('set lock_timeout = 50');
        await client.query(sql);
      }),
    /** Opens a transaction with an old snapshot; the caller ends it. */
    oldTransaction: async (sql = 'select 1'): Promise<OldTransaction> => {
      const client = new Client({ connectionString: urlOf(database), application_name: 'nightly report' });
      client.on('error', () => undefined);
      await client.connect();
      await client.query('begin isolation level repeatable read');
      await client.query(sql);
      return { end: () => client.end() };
    },
    steps: async (direction = 'apply') =>
      (
        await rows(
          `select number, outcome from one_roof.step where direction = '${direction}' order by since, number`,
        )
      ).map(({ number, outcome }) => [number, outcome]),
    indexes: async () =>
      (
        await rows(`select x.relname as name, i.indisvalid as valid from pg_index i join pg_class x on x.oid = i.indexrelid
          join pg_class t on t.oid = i.indrelid where t.relnamespace = 'public'::regnamespace order by 1`)
      ).map(({ name, valid }) => `${String(name)}${valid === true ? '' : ' INVALID'}`),
  };
}

export interface OldTransaction {
  end(): Promise<void>;
}

const ATTEMPTS = `from pg_stat_activity where datname = current_database() and application_name like 'one-roof claim %'`;

async function cut(sql: string, mode: 'autocommit' | 'transaction' = 'autocommit') {
  return cutStatements({ path: '10_orders.sql', bytes: Buffer.from(sql) }, mode);
}

/** A session that dies when it is to send what matches. */
export function dyingAt(pattern: RegExp): (session: Session) => Session {
  return (session) => ({
    ...session,
    query: async (sql, values) => {
      if (!pattern.test(sql)) return session.query(sql, values);
      await session.client.end();
      throw new Error('the connection is gone');
    },
  });
}
