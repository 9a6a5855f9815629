import type { Progress } from '../../../src/core/schema/heartbeat';
import type { Session } from '../../../src/postgres/session';
import { openCommitProxy } from '../../acceptance/support/commit-proxy';
import type { CommitProxy } from '../../acceptance/support/commit-proxy';
import { urlOf, withClient } from '../../support/database';
import { TIER, counters, cutOff, openBackfill } from './backfill';
import type { OpenBackfill, Special } from './backfill';

/** How many rows the backfill that is killed five times has; `npm run chaos:backfill` has two million. */
const ROWS = Number(process.env['ONE_ROOF_BACKFILL_ROWS'] ?? '50000');
/** The deaths are spread over so many rows each, wherever the batches end. */
const SHARE = Math.floor(ROWS / 6);

/** One attempt that dies behind so many rows; settles when it has. */
type Death = (backfill: OpenBackfill, behind: number, proxy: CommitProxy) => Promise<void>;

const inMidStatement: Death = async (backfill, behind) => {
  await withClient(urlOf(backfill.database), async (other) => {
    await other.query('begin');
    await other.query('select from counters where id = $1 for update', [behind + SHARE]);
    let pid = 0;
    const dying = failing(backfill.apply({ lockTimeoutMs: 0, onSession: (session) => (pid = session.pid) }));
    await until(other, () => `select pg_blocking_pids(${pid}) <> '{}' as yes`);
    await other.query(`select pg_terminate_backend(${pid})`);
    expect(await dying).toBe('SESSION_LOST');
    await other.query('rollback');
  });
};

const beforeItsCommit: Death = async (backfill, behind, proxy) => {
  const { special, held } = holdingCommit(proxy, behind);
  const dying = failing(backfill.apply(special));
  (await held).lose();
  expect(await dying).toBe('SESSION_LOST');
};

const afterItsCommit: Death = async (backfill, behind, proxy) => {
  const { special, held, session } = holdingCommit(proxy, behind);
  const dying = failing(backfill.apply(special));
  const commit = await held;
  cutOff(session());
  expect(await dying).toBe('SESSION_LOST');
  await commit.letGo();
};

const betweenBatches: Death = async (backfill, behind) => {
  let session: Session | undefined;
  const dying = failing(
    backfill.apply({
      onSession: (opened) => (session = opened),
      onProgress: ({ done }) => {
        if (done >= behind && session !== undefined) cutOff(session);
      },
    }),
  );
  expect(await dying).toBe('SESSION_LOST');
};

const whenCancelled: Death = async (backfill, behind) => {
  const stop = new AbortController();
  const onProgress = ({ done }: Progress): void => {
    if (done >= behind) stop.abort();
  };
  expect(await failing(backfill.apply({ signal: stop.signal, onProgress }))).toBe('ABORTED');
};

let proxy: CommitProxy;
beforeAll(async () => (proxy = await openCommitProxy(Number(new URL(urlOf('postgres')).port))));
afterAll(() => proxy.close());

describe(`a backfill of ${ROWS} rows`, () => {
  it('changes each row exactly once though it is killed five times', async () => {
    const backfill = await openBackfill(counters(ROWS), { rule: { size: 100, duration: '50ms' } });
    const deaths = [inMidStatement, beforeItsCommit, afterItsCommit, betweenBatches, whenCancelled];
    let [behind, before] = [0, 0];
    for (const die of deaths) {
      await die(backfill, behind, proxy);
      const done = await countOnes(backfill);
      expect(done).toBeGreaterThan(before);
      before = done;
      expect([die.name, done]).toEqual([die.name, await cursorOf(backfill)]);
      behind = Math.max(behind + SHARE, done);
      expect(done).toBeLessThan(ROWS);
    }
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', found: false, rows: ROWS });
    expect(await backfill.counted()).toEqual([1, 1]);
    expect(await backfill.one('select sum(rows_changed)::int as rows from one_roof.batch_range')).toEqual({
      rows: ROWS,
    });
  }, 600_000);

  it('is rolled back exactly from wherever it died, killed on its way back too, and applied again', async () => {
    const backfill = await openBackfill(counters(ROWS), { rule: { size: 100, duration: '50ms' } });
    await betweenBatches(backfill, ROWS / 2, proxy);
    const applied = await countOnes(backfill);
    let session: Session | undefined;
    const dying = failing(
      backfill.rollBack({
        onSession: (opened) => (session = opened),
        onProgress: ({ done }) => {
          if (done >= applied / 2 && session !== undefined) cutOff(session);
        },
      }),
    );
    expect(await dying).toBe('SESSION_LOST');
    const left = await countOnes(backfill);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(applied);
    expect(await backfill.one('select max(id)::int as last from counters where n = 1')).toEqual({
      last: left,
    });
    await expect(backfill.apply()).rejects.toMatchObject({ code: 'TIER_HALF_DONE' });
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', rows: applied });
    expect(await backfill.counted()).toEqual([0, 0]);
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', found: true });
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', rows: ROWS });
    expect(await backfill.counted()).toEqual([1, 1]);
  }, 600_000);
});

/** An attempt whose next COMMIT behind so many rows is held back. */
function holdingCommit(through: CommitProxy, behind: number) {
  let armed = false;
  let opened: Session | undefined;
  let hold: (held: ReturnType<CommitProxy['holdCommitOf']>) => void;
  const held = new Promise<Awaited<ReturnType<CommitProxy['holdCommitOf']>>>((resolve) => (hold = resolve));
  const special: Special = {
    port: through.port,
    onSession: (session) => (opened = session),
    onProgress: ({ done }) => {
      if (armed || done < behind) return;
      armed = true;
      hold(through.holdCommitOf(TIER));
    },
  };
  const session = (): Session => {
    if (opened === undefined) throw new Error('there is no session yet');
    return opened;
  };
  return { special, held, session };
}

async function failing(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no failure',
    (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : error),
  );
}

async function countOnes(backfill: OpenBackfill): Promise<number> {
  expect(await backfill.one('select count(*)::int as n from counters where n not in (0, 1)')).toEqual({
    n: 0,
  });
  return backfill.count('counters where n = 1');
}

async function cursorOf(backfill: OpenBackfill): Promise<number> {
  return Number((await backfill.one('select cursor from one_roof.batch'))['cursor']);
}

/** Waits for a fact of the server. */
async function until(
  client: { query: (sql: string) => Promise<{ rows: unknown[] }> },
  fact: () => string,
): Promise<void> {
  for (;;) {
    const [row] = (await client.query(fact())).rows;
    if (typeof row === 'object' && row !== null && Reflect.get(row, 'yes') === true) return;
    await new Promise((resolve) => setTimeout(resolve, 10)); // asked again: the fact is waited for
  }
}
