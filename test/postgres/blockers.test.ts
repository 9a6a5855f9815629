import { Client } from 'pg';
import type { Progress } from '../../src/core/schema/heartbeat';
import { attemptTier } from '../../src/postgres/attempt';
import { withSession } from '../../src/postgres/session';
import { urlOf } from '../support/database';
import { NONCE, attemptOf, endpointOf, plannedTier, preparedDatabase, statements } from '../support/prepared';
import { containing, inSession, openRelease } from './shop';

const SECRET = 'hunter2';

describe('a statement that waits for a lock', () => {
  it('names who holds it, with the query’s age and first line and none of its values, while it waits and when it gives up', async () => {
    const database = await preparedDatabase(`create table orders (id int); grant all on orders to public`);
    const shop = await openRelease('first', database);
    const holder = new Client({ connectionString: urlOf(database), application_name: 'nightly report' });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query(`insert into orders select 7 where 'x' <> '${SECRET}'`);
      const told: Progress[] = [];
      const failure = inSession(database, (session) =>
        attemptTier(session, {
          attempt: attemptOf(plannedTier('10_orders'), { release: 'first', claim: shop.claim, ordinal: 1 }),
          file: '10_orders.sql',
          statements: statements('lock table orders in access exclusive mode'),
          probe: [],
          nonce: NONCE,
          onProgress: (progress) => told.push(progress),
          beside: (look) => withSession(endpointOf(database, 'executor'), BESIDE, look),
        }),
      );
      await expect(failure).rejects.toMatchObject({
        code: 'LOCK_TIMEOUT',
        message: containing('held up by process'),
        details: { sqlstate: '55P03', file: '10_orders.sql', line: 1 },
      });
      const message = await failure.catch((error: unknown) => (error instanceof Error ? error.message : ''));
      expect(message).toContain('AccessExclusiveLock on public.orders');
      expect(message).toContain('nightly report, idle in transaction for');
      expect(message).toContain('insert into orders select … where … <> …');
      expect(message).not.toContain(SECRET);
      expect(told.some(({ note }) => note?.includes('nightly report') === true)).toBe(true);
    } finally {
      await holder.end();
    }
  });
});

const BESIDE = {
  application: 'one-roof looks on',
  lockTimeoutMs: 1000,
  statementTimeoutMs: 1000,
  readOnly: true,
} as const;
