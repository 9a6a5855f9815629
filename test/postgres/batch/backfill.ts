import { Socket } from 'node:net';
import type { TierAttempt } from '../../../src/core/schema/attempt';
import { BatchRule } from '../../../src/core/schema/descriptor';
import type { Progress } from '../../../src/core/schema/heartbeat';
import type { PlannedTier } from '../../../src/core/schema/plan';
import type { AttemptWork } from '../../../src/postgres/attempt-work';
import { attemptBatchTier } from '../../../src/postgres/batch/attempt-batch-tier';
import { attemptApplication } from '../../../src/postgres/session-lock';
import { withSession } from '../../../src/postgres/session';
import type { Session } from '../../../src/postgres/session';
import { urlOf, withClient } from '../../support/database';
import {
  NONCE,
  attemptOf,
  endpointOf,
  plannedTier,
  preparedDatabase,
  statements,
} from '../../support/prepared';
import { openRelease } from '../shop';

export const TIER = '40_counters';
export const COUNT_UP = 'update counters set n = n + 1 where id between $1 and $2';
export const COUNT_DOWN = 'update counters set n = n - 1 where id between $1 and $2';

/** A table of counters, all at zero. */
export function counters(rows: number, key = 'i'): string {
  return `create table counters (id bigint primary key, n int not null default 0);
    insert into counters (id) select ${key} from generate_series(1, ${rows}) i`;
}

/** What is special about one attempt. */
export interface Special {
  readonly sql?: string;
  readonly change?: Partial<TierAttempt>;
  readonly probe?: readonly string[];
  readonly port?: number;
  readonly lockTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onSession?: (session: Session) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly beside?: AttemptWork['beside'];
}

interface Backfill {
  readonly rule?: Partial<BatchRule>;
  readonly rules?: Partial<PlannedTier['rules']>;
  readonly release?: string;
  readonly database?: string;
}

/** A release that holds a database prepared with some SQL, and walks through its table in batches. */
export async function openBackfill(sql: string, backfill: Backfill = {}) {
  const { release = 'first', rule, rules } = backfill;
  const shop = await openRelease(release, backfill.database ?? (await preparedDatabase(sql)));
  const batch = BatchRule.parse({ table: 'public.counters', key: 'id', ...rule });
  const tier = plannedTier(TIER, { batch, ...rules });
  let ordinal = 0;
  const run = async (direction: 'apply' | 'rollback', special: Special) => {
    const hold = { release, claim: shop.claim, ordinal: (ordinal += 1) };
    const attempt = attemptOf(tier, hold, { direction, ...special.change });
    const { port, lockTimeoutMs = 300, signal, onSession, onProgress, beside } = special;
    const work: AttemptWork = {
      attempt,
      file: `${TIER}.sql`,
      statements: statements(special.sql ?? (direction === 'apply' ? COUNT_UP : COUNT_DOWN)),
      probe: statements(...(special.probe ?? [])),
      nonce: NONCE,
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(beside === undefined ? {} : { beside }),
    };
    const endpoint = { ...endpointOf(shop.database, 'executor'), ...(port === undefined ? {} : { port }) };
    const settings = {
      application: attemptApplication(hold, TIER),
      lockTimeoutMs,
      statementTimeoutMs: 30_000,
      ...(signal === undefined ? {} : { signal }),
    };
    return withSession(endpoint, settings, async (session) => {
      onSession?.(session);
      return attemptBatchTier(session, work);
    });
  };
  return {
    ...shop,
    apply: async (special: Special = {}) => (await run('apply', special)).result,
    rollBack: async (special: Special = {}) => (await run('rollback', special)).result,
    measured: (special: Special = {}) => run('apply', special),
    /** What one query yields, as the superuser. */
    one: (query: string) => oneOf(shop.database, query),
    /** Once at each row, and at no row twice: [least, most]. */
    counted: async () => {
      const row = await oneOf(shop.database, 'select min(n) as least, max(n) as most from counters');
      return [row['least'], row['most']];
    },
  };
}

export type OpenBackfill = Awaited<ReturnType<typeof openBackfill>>;

/** As a process does that dies: without a word to the server. */
export function cutOff(session: Session): void {
  const connection: unknown = Reflect.get(session.client, 'connection');
  const stream: unknown =
    typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined;
  if (!(stream instanceof Socket)) throw new Error('the session has no socket');
  stream.destroy();
}

async function oneOf(database: string, query: string): Promise<Readonly<Record<string, unknown>>> {
  return withClient(urlOf(database), async (client) => {
    const answer = await client.query<Record<string, unknown>>(query);
    return answer.rows[0] ?? {};
  });
}
