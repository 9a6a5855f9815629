import { Context } from '@temporalio/activity';
import type { TierAttempt } from '../../src/core/schema/attempt';
import { plannedTier } from '../support/prepared';
import { heartbeating, recording, ungated } from './orders';
import { ToldWorld } from './told';
import type { ToldRelease } from './told';
import { APPLIED, audited } from './well';
import type { Told } from './well';

const BATCH = { table: 'public.counters', key: 'id', size: 1000, duration: '500ms', replicaLag: '10s' };
const tiers = [plannedTier('10_a', { batch: BATCH }), plannedTier('20_b')];

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

describe('a pause', () => {
  it('stops a backfill between two batches, which goes on with the next attempt after `resume`', async () => {
    const asked: string[] = [];
    const release = await world.release({
      ...ungated(),
      ...recording(asked),
      auditOrder: audited({ gates: [], tiers }),
      applyTier: heartbeating(async (attempt) => {
        asked.push(named(attempt));
        if (attempt.hold.ordinal < 3 && attempt.tier.id === '10_a') await untilCancelled(asked);
        return APPLIED;
      }),
    });
    for (const ordinal of [1, 2]) {
      await release.until(() => asked.at(-1) === `10_a ${ordinal}`);
      await release.signal('pause');
      await release.until(({ paused }) => paused && asked.at(-1) === 'cancelled');
      await release.signal('resume');
    }
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released', rolledBack: false });
    expect(asked).toEqual(['10_a 1', 'cancelled', '10_a 2', 'cancelled', '10_a 3', '20_b 4']);
  });

  it('begins nothing while it lasts, and may end in an abort, which rolls back what was half applied', async () => {
    const asked: string[] = [];
    const release = await world.release({
      ...ungated(),
      ...recording(asked),
      auditOrder: audited({ gates: [], tiers }),
      applyTier: heartbeating(async (attempt) => {
        asked.push(named(attempt));
        await untilCancelled(asked);
        return APPLIED;
      }),
    });
    await release.until(() => asked.length === 1);
    await release.signal('pause');
    await release.until(() => asked.at(-1) === 'cancelled');
    while (!(await timers(release)).includes('"paused: waits for `one-roof resume`"')) await aMoment();
    await release.signal('abort');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted', rolledBack: true });
    expect(asked.map((each) => each.replace(/ \d+$/, ''))).toEqual(['10_a', 'cancelled', 'rollback 10_a']);
  });

  it('lets a tier of one transaction come to its end, and stops before the next', async () => {
    const asked: string[] = [];
    let end: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const applyTier: Told['applyTier'] = async (attempt) => {
      asked.push(named(attempt));
      if (attempt.tier.id === '10_a') await ended;
      return APPLIED;
    };
    const ordinary = [plannedTier('10_a'), plannedTier('20_b')];
    const release = await world.release({
      ...ungated(),
      auditOrder: audited({ gates: [], tiers: ordinary }),
      applyTier: heartbeating(applyTier),
    });
    await release.until(() => asked.length === 1);
    await release.signal('pause');
    await release.until(({ paused }) => paused);
    end?.();
    await release.until((status) => status.tiers[0]?.outcome === 'applied' && status.stage === '20_b');
    expect(asked).toEqual(['10_a 1']);
    await release.signal('resume');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
    expect(asked).toEqual(['10_a 1', '20_b 2']);
  });
});

function named({ tier, hold }: TierAttempt): string {
  return `${tier.id} ${hold.ordinal}`;
}

/** As an attempt does that hears of its cancellation: it ends, and says so. */
async function untilCancelled(asked: string[]): Promise<void> {
  try {
    await Context.current().cancelled;
  } finally {
    asked.push('cancelled');
  }
}

function aMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** What the timeline says of each timer. */
async function timers(release: ToldRelease): Promise<readonly string[]> {
  const { events } = await release.handle.fetchHistory();
  return (events ?? [])
    .filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes != null)
    .map(({ userMetadata }) => Buffer.from(userMetadata?.summary?.data ?? []).toString());
}
