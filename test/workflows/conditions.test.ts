import type { Unmet } from '../../src/core/schema/condition';
import { ToldWorld } from './told';
import type { ToldRelease } from './told';
import { ROLLED_BACK, ROLLOUT, audited } from './well';
import type { Told } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

const POLICY = {
  windows: [{ from: '20:00', to: '21:00' }],
  override: { bosses: { need: 2, of: ['boss-a', 'boss-b', 'lead-a'] } },
};
const CLOSED: Unmet = { kind: 'calendar', why: 'production: no window is open', until: null };
const LATE: Unmet = { kind: 'live', why: 'replica late_one is 31.0 s behind, at most 10s', until: null };
/** What the sample's tiers took in rehearsal, ms. */
const REHEARSED = 4_000;

describe('a release whose gates are open', () => {
  it('does not claim its target before its window, says until when, and goes on when the time has come', async () => {
    const asked: unknown[] = [];
    let begin = 0;
    const release = await world.release(
      told({
        readConditions: (input) => {
          asked.push(input);
          if (begin === 0) begin = Date.now() + 2_000;
          const until = new Date(begin).toISOString();
          return { unmet: Date.now() < begin ? [{ ...CLOSED, until }] : [], readAt: '' };
        },
        claimDatabase: () => {
          expect(Date.now()).toBeGreaterThanOrEqual(begin);
          return { claim: 1, fingerprint: null };
        },
      }),
    );
    await approved(release);
    const status = await held(release);
    expect(status.stage).toBe('conditions of 10_a');
    expect(status.waitingFor[0]).toBe(
      `production: no window is open; until ${new Date(begin).toISOString()}`,
    );
    expect(asked[0]).toMatchObject({ target: 'production', calendar: {}, rehearsedMs: REHEARSED, forMs: 0 });
    const { outcome, held: tiers = [], stages } = await release.result();
    expect(outcome).toBe('released');
    expect(tiers).toMatchObject([{ tier: '10_a', overridden: [] }]);
    expect(stages.filter(({ stage }) => stage === 'gate before 10_a')).toHaveLength(2); // passed anew after the wait
  });

  it('asks for less time before each further tier, and is held there with its claim', async () => {
    const asked: (number | null)[] = [];
    let isLate = true;
    const release = await world.release(
      told({
        readConditions: ({ rehearsedMs, forMs }) => {
          asked.push(rehearsedMs);
          if (forMs > 0) isLate = false; // the watch ends when they hold
          return { unmet: isLate && rehearsedMs === 0 ? [LATE] : [], readAt: '' };
        },
      }),
    );
    await approved(release);
    const { outcome, held: tiers = [] } = await release.result();
    expect(outcome).toBe('released');
    expect(asked.slice(0, 3)).toEqual([REHEARSED, REHEARSED, 0]); // before the claim, before each tier
    expect(tiers).toMatchObject([{ tier: '20_b', why: [LATE.why], overridden: [] }]);
  });

  it('that is aborted while it is held between two tiers is rolled back', async () => {
    const rolledBack: unknown[] = [];
    const release = await world.release(
      told({
        readConditions: ({ rehearsedMs }) => ({ unmet: rehearsedMs === 0 ? [CLOSED] : [], readAt: '' }),
        rollBackTier: ({ tier }) => {
          rolledBack.push(tier.id);
          return { ...ROLLED_BACK };
        },
      }),
    );
    await approved(release);
    await release.until((status) => status.stage === 'conditions of 20_b');
    await release.signal('abort');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted', rolledBack: true });
    expect(rolledBack).toEqual(['10_a']);
  });
});

describe('an emergency override', () => {
  it('needs its own quorum, of people who did not request it, and is named in the evidence', async () => {
    const release = await world.release(told({ readConditions: () => ({ unmet: [CLOSED], readAt: '' }) }));
    await approved(release);
    await held(release);
    await release.signal('approve', { gate: 'override.calendar', as: 'lead-a' });
    await release.signal('approve', { gate: 'override.calendar', as: 'dba-b' });
    await release.signal('approve', { gate: 'override.live', as: 'boss-a' });
    await release.signal('approve', { gate: 'override.calendar', as: 'boss-a' });
    const status = await release.until((each) =>
      each.gates.some(({ id, approvals }) => id === 'override.calendar' && approvals[0]?.have.length === 1),
    );
    expect(status.waitingFor).toContain(
      'or an emergency override: gate override.calendar: 1 more approval of group bosses (boss-b)',
    );
    await release.signal('approve', { gate: 'override.calendar', as: 'boss-b' });
    const { outcome, held: tiers = [], approvals, acts } = await release.result();
    expect(outcome).toBe('released');
    const by = [{ kind: 'calendar', by: ['boss-a', 'boss-b'] }];
    const overridden = tiers.filter((tier) => tier.overridden.length > 0);
    expect(overridden.map(({ tier, overridden: what }) => [tier, what])).toEqual([
      ['10_a', by],
      ['20_b', by],
      ['30_c', by],
    ]);
    expect(approvals.map(({ gate, who }) => `${gate} ${who}`)).toEqual([
      'rollout dba-a',
      'override.calendar boss-a',
      'override.calendar boss-b',
    ]);
    expect(acts.filter(({ accepted }) => !accepted).map(({ reason }) => reason)).toEqual([
      'lead-a requested this release and cannot approve it',
      'dba-b is no approver of gate override.calendar',
      'there is no gate override.live; gates: rollout, policy, override.calendar',
    ]);
  });

  it('stands in place of a rehearsal that there never was, where the order asks for that and says why', async () => {
    const release = await world.release(told({ findRehearsal: () => null }), {
      order: { override: { reason: 'the clone host has burnt down' } },
    });
    await approved(release);
    const status = await held(release);
    expect(status.waitingFor[0]).toMatch(
      /^no passing rehearsal of .*; lead-a asks to go without: the clone host has burnt down$/,
    );
    await release.signal('approve', { gate: 'override.rehearsal', as: 'lead-a' });
    await release.signal('approve', { gate: 'override.rehearsal', as: 'boss-a' });
    await release.signal('approve', { gate: 'override.rehearsal', as: 'boss-b' });
    const { outcome, held: tiers = [], rehearsal, acts } = await release.result();
    expect([outcome, rehearsal]).toEqual(['released', null]);
    expect(tiers.flatMap(({ overridden }) => overridden)).toContainEqual({
      kind: 'rehearsal',
      by: ['boss-a', 'boss-b'],
    });
    expect(acts.filter(({ accepted }) => !accepted).map(({ as }) => as)).toEqual(['lead-a']);
  });

  it('of a rehearsal is nothing that a policy without one, or an order that does not ask, would know', async () => {
    const asked = { order: { override: { reason: 'in a hurry' } } };
    const refused = { outcome: 'refused', error: { code: 'REHEARSAL_MISSING' } };
    const unasked = await world.release(told({ findRehearsal: () => null }));
    await expect(unasked.result()).resolves.toMatchObject(refused);
    const without = await world.release(
      { auditOrder: audited({ gates: [ROLLOUT] }), findRehearsal: () => null },
      asked,
    );
    await expect(without.result()).resolves.toMatchObject(refused);
  });

  it('of the calendar lets no replica fall behind', async () => {
    const release = await world.release(
      told({ readConditions: ({ forMs }) => ({ unmet: forMs > 0 ? [LATE] : [CLOSED, LATE], readAt: '' }) }),
    );
    await approved(release);
    await held(release);
    await release.signal('approve', { gate: 'override.calendar', as: 'boss-a' });
    await release.signal('approve', { gate: 'override.calendar', as: 'boss-b' });
    const status = await release.until((each) => each.waitingFor[0] === LATE.why);
    expect(status.waitingFor).not.toContain(CLOSED.why);
    await release.signal('approve', { gate: 'override.live', as: 'boss-a' });
    await release.signal('approve', { gate: 'override.live', as: 'boss-b' });
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
  });

  it('is there for nobody where the policy names none, nor where nothing is held', async () => {
    const release = await world.release({
      auditOrder: audited({ gates: [ROLLOUT] }, { windows: POLICY.windows }),
      readConditions: () => ({ unmet: [CLOSED], readAt: '' }),
    });
    await release.atGate();
    await release.signal('approve', { gate: 'override.calendar', as: 'boss-a', key: 'before-it-is-held' });
    await approved(release);
    const status = await held(release);
    expect(status.waitingFor).toEqual([CLOSED.why]);
    await release.signal('approve', { gate: 'override.calendar', as: 'boss-a', key: 'while-it-is-held' });
    await release.signal('abort');
    const { acts, outcome } = await release.result();
    expect(outcome).toBe('aborted');
    expect(acts.filter(({ gate }) => gate === 'override.calendar').map(({ reason }) => reason)).toEqual([
      'there is no gate override.calendar; gates: rollout, policy',
      'there is no gate override.calendar; gates: rollout, policy',
    ]);
  });
});

describe('a rehearsal that has grown too old behind a gate', () => {
  it('holds the next tier until there is a younger one', async () => {
    const later = { ...ROLLOUT, id: 'later', before: '20_b' };
    let ended = Date.now() - 86_400_000 + 2_500;
    const release = await world.release({
      auditOrder: audited({ gates: [ROLLOUT, later] }, { rehearsal: { required: true, maxAge: '1d' } }),
      findRehearsal: () =>
        ended + 86_400_000 > Date.now()
          ? { digest: 'f'.repeat(64), id: 'rehearsal-shop-1', at: new Date(ended).toISOString(), tiers: {} }
          : null,
    });
    await approved(release);
    await release.until((status) => status.stage === 'gate before 20_b');
    await new Promise((resolve) => setTimeout(resolve, 2_600)); // what is tested is that time passes
    await release.signal('approve', { gate: 'later' });
    const status = await release.until(
      (each) => each.stage === 'conditions of 20_b' && each.waitingFor.length > 0,
    );
    expect(status.waitingFor[0]).toMatch(/^no passing rehearsal of .* within 1d: rehearse again$/);
    ended = Date.now();
    await release.signal('withdraw', { gate: 'later' }); // any act lets it look again
    await release.until((each) => each.stage === 'gate before 20_b' && each.waitingFor.length > 0);
    await release.signal('approve', { gate: 'later', as: 'dba-b' });
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
  }, 60_000);
});

function told(change: Told): Told {
  return { auditOrder: audited({ gates: [ROLLOUT] }, POLICY), ...change };
}

async function approved(release: ToldRelease): Promise<void> {
  await release.atGate();
  await release.signal('approve');
}

function held(release: ToldRelease) {
  return release.until((status) => status.stage.startsWith('conditions of') && status.waitingFor.length > 0);
}
