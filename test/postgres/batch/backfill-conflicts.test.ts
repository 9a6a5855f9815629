import { withSession } from '../../../src/postgres/session';
import { urlOf, withClient } from '../../support/database';
import { endpointOf } from '../../support/prepared';
import { containing } from '../shop';
import { COUNT_UP, counters, openBackfill } from './backfill';

describe('a backfill that meets somebody else’s lock', () => {
  it('tries again with fewer rows, and goes on when the lock is gone', async () => {
    const backfill = await openBackfill(counters(400), { rule: { size: 100, duration: '10s' } });
    const notes: string[] = [];
    await withClient(urlOf(backfill.database), async (other) => {
      await other.query('begin');
      await other.query('select from counters where id = 101 for update');
      const released: Promise<unknown>[] = [];
      const onProgress = ({ note = '' }: { note?: string | undefined }): void => {
        notes.push(note);
        if (note.includes('2 of 5')) released.push(other.query('rollback'));
      };
      await expect(backfill.apply({ onProgress, lockTimeoutMs: 50 })).resolves.toMatchObject({
        outcome: 'applied',
        rows: 400,
      });
      await Promise.all(released);
    });
    expect(notes.filter((note) => note.startsWith('met a lock'))).toEqual([
      'met a lock: again with 100 keys, 1 of 5',
      'met a lock: again with 50 keys, 2 of 5',
    ]);
    expect(await backfill.counted()).toEqual([1, 1]);
  });

  it('ends after a while, names who holds it, and says how far it has come', async () => {
    const backfill = await openBackfill(counters(400), { rule: { size: 100, duration: '10s' } });
    await withClient(urlOf(backfill.database), async (other) => {
      await other.query(`set application_name = 'night shift'`);
      await other.query('begin');
      await other.query('select from counters where id = 101 for update');
      const looking = { application: 'one-roof test', lockTimeoutMs: 500, statementTimeoutMs: 5_000 };
      const failing = backfill.apply({
        lockTimeoutMs: 1_100,
        beside: (look) => withSession(endpointOf(backfill.database, 'executor'), looking, look),
      });
      await expect(failing).rejects.toMatchObject({
        code: 'LOCK_TIMEOUT',
        message: containing('night shift'),
        details: { batches: 1, sqlstate: '55P03' },
      });
    });
    expect(await backfill.one('select max(id)::int as last from counters where n = 1')).toEqual({
      last: 100,
    });
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', rows: 400 });
    expect(await backfill.counted()).toEqual([1, 1]);
  });

  it('survives a deadlock with somebody who walks the other way', async () => {
    const backfill = await openBackfill(counters(400), { rule: { size: 400, duration: '10s' } });
    await withClient(urlOf(backfill.database), async (other) => {
      await other.query(`set deadlock_timeout = '10s'`);
      await other.query('begin');
      await other.query('update counters set n = n where id = 390');
      const applying = backfill.apply({ lockTimeoutMs: 0 });
      const blocked = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      while ((await backfill.one(blocked))['n'] === 0)
        await new Promise((resolve) => setTimeout(resolve, 10)); // asked again: the fact is waited for
      await other.query('update counters set n = n where id = 10');
      await other.query('commit');
      await expect(applying).resolves.toMatchObject({ outcome: 'applied', rows: 400 });
    });
    expect(await backfill.counted()).toEqual([1, 1]);
  });
});

/** Batches that take a while, and stay small: it sleeps at each row, not once a statement. */
const SLOW = { rule: { size: 20, duration: '70ms' } };
const SLOWLY = `${COUNT_UP} and pg_sleep(0.003) is not null`;

describe('two attempts at one backfill', () => {
  it('are one: the newer one ends the older one, and each row is met once', async () => {
    const backfill = await openBackfill(counters(1500), SLOW);
    const newer: Promise<unknown>[] = [];
    const older = backfill.apply({
      sql: SLOWLY,
      onProgress: ({ done }) => {
        if (done >= 100 && newer.length === 0) newer.push(backfill.apply({ sql: SLOWLY }));
      },
    });
    await expect(older).rejects.toMatchObject({ code: 'SESSION_LOST' });
    await expect(newer[0]).resolves.toMatchObject({ outcome: 'applied', rows: 1500 });
    expect(await backfill.counted()).toEqual([1, 1]);
  });

  it('are refused to the older one in its next batch, even where it could not be ended', async () => {
    const backfill = await openBackfill(counters(1500), SLOW);
    const raised: Promise<unknown>[] = [];
    const older = backfill.apply({
      sql: SLOWLY,
      onProgress: ({ done }) => {
        if (done >= 100 && raised.length === 0)
          raised.push(backfill.others('update one_roof.fence set ordinal = ordinal + 1'));
      },
    });
    await expect(older).rejects.toMatchObject({ code: 'SUPERSEDED' });
    await Promise.all(raised);
    const { rows } = await backfill.one('select rows_changed::int as rows from one_roof.batch');
    expect(rows).toBeLessThan(1500);
    expect(await backfill.count('counters where n = 1')).toBe(rows);
  });
});
