import { startTestCluster } from '../../support/cluster';
import type { TestCluster } from '../../support/cluster';
import { COUNT_UP, counters, openBackfill } from './backfill';
import { startStandby } from './standby';

let cluster: TestCluster;
let stopStandby: () => Promise<void>;

beforeAll(async () => {
  cluster = await startTestCluster();
  process.env['ONE_ROOF_TEST_PG'] = cluster.url; // for this file alone: jest gives each an environment of its own
  stopStandby = await startStandby(cluster, '1500ms');
}, 120_000);
afterAll(async () => {
  await stopStandby();
  await cluster.stop();
});

describe('a backfill whose replica replays 1.5 s late', () => {
  it('pauses until the replica is near again, and says for whom it waits', async () => {
    const backfill = await openBackfill(counters(600), {
      rule: { size: 100, duration: '100ms', replicaLag: '300ms' },
    });
    for (;;) {
      const { late } = await backfill.one(
        `select count(*) > 0 as late from pg_stat_replication where state = 'streaming'`,
      );
      if (late === true) break;
      await new Promise((resolve) => setTimeout(resolve, 50)); // not connected yet: asked again
    }
    const notes: string[] = [];
    const onProgress = ({ note = '' }: { note?: string | undefined }): void => void notes.push(note);
    const sql = `${COUNT_UP} and pg_sleep(0.001) is not null`;
    await expect(backfill.apply({ onProgress, sql })).resolves.toMatchObject({
      outcome: 'applied',
      rows: 600,
    });
    expect(notes.filter((note) => note.startsWith('pauses'))[0]).toMatch(
      /^pauses: replica late_one is \d+\.\d s behind, at most 0.3 s$/,
    );
    expect(await backfill.counted()).toEqual([1, 1]);
  }, 120_000);

  it('can be cancelled while it pauses', async () => {
    const backfill = await openBackfill(counters(300), {
      rule: { size: 100, duration: '5s', replicaLag: '0ms' },
    });
    const stop = new AbortController();
    const onProgress = ({ note = '' }: { note?: string | undefined }): void => {
      if (note.startsWith('pauses')) stop.abort();
    };
    await expect(backfill.apply({ onProgress, signal: stop.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    const done = await backfill.count('counters where n = 1');
    expect(await backfill.one('select rows_changed::int as done from one_roof.batch')).toEqual({ done });
  }, 120_000);
});
