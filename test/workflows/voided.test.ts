import { ToldWorld } from './told';
import type { ToldRelease } from './told';
import { ROLLOUT, SUMMARY, audited, seen } from './well';
import type { Told } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

/** Answers that change once somebody has approved. */
const CHANGES: readonly (readonly [string, (isChanged: () => boolean) => Told, string])[] = [
  [
    'the schema of the target',
    (isChanged) => ({
      observeTarget: (sight) => {
        const schema = (isChanged() ? '2' : '1').repeat(64);
        return seen(sight, sight.schema ? { schema: { ...SUMMARY, schema } } : {});
      },
    }),
    'the schema of the target has changed',
  ],
  [
    'the rehearsal that was shown',
    (isChanged) => ({
      findRehearsal: () => ({
        digest: (isChanged() ? '2' : '1').repeat(64),
        id: 'rehearsal-shop-1',
        at: '',
        tiers: {},
      }),
    }),
    'another rehearsal has taken the place of the one that was shown',
  ],
  [
    'the gates of the policy',
    (isChanged) => ({
      auditOrder: (order) => {
        const more = { id: 'more', before: 'first', approvals: { boss: { need: 1, of: ['boss'] } } };
        return audited(
          {},
          { gates: [{ id: 'policy', before: 'first' }, ...(isChanged() ? [more] : [])] },
        )(order);
      },
    }),
    'the gates that hold for it have changed',
  ],
  [
    'how an approver must be known',
    (isChanged) => ({
      auditOrder: (order) => {
        const policy = isChanged() ? { assurance: 'ssh', allowedSigners: 'signers' } : {};
        return audited({}, policy)(order);
      },
    }),
    'how an approver must be known has changed',
  ],
];

describe('approvals', () => {
  it.each(CHANGES)(
    'are void when %s has changed, people are told why, and the gate asks again',
    async (_, tell, why) => {
      const notices: unknown[] = [];
      let isChanged = false;
      const told = tell(() => isChanged);
      const release = await world.release({
        ...told,
        auditOrder: notifying(told.auditOrder ?? audited()),
        notifyPeople: ({ notice }) => void notices.push(notice),
      });
      await release.atGate();
      isChanged = true;
      await release.signal('approve');
      const status = await askedAgain(release);
      expect(status.gates.flatMap((gate) => gate.approvals.flatMap(({ have }) => have))).toEqual([]);
      await release.until(() => notices.length > 0);
      expect(notices).toMatchObject([
        { kind: 'voided', lines: [`${why} since people were asked`, 'void: gate rollout, by dba-a'] },
      ]);
      await release.signal('abort', { key: 'the-end-of-it' });
      const { outcome, voided, approvals } = await release.result();
      expect(outcome).toBe('aborted');
      expect(approvals).toEqual([]);
      expect(voided).toMatchObject([
        { why: [`${why} since people were asked`], approvals: [{ gate: 'rollout', who: 'dba-a' }] },
      ]);
    },
  );

  it('of a later gate are void when the policy has changed meanwhile; what is passed stays passed', async () => {
    let isChanged = false;
    const later = { ...ROLLOUT, id: 'later', before: '20_b' };
    const release = await world.release({
      auditOrder: (order) => {
        const more = { id: 'more', before: '20_b', approvals: { boss: { need: 1, of: ['boss'] } } };
        const gates = [{ id: 'policy', before: 'first' }, ...(isChanged ? [more] : [])];
        return audited({ gates: [ROLLOUT, later] }, { gates })(order);
      },
    });
    await release.atGate();
    await release.signal('approve');
    await release.until((status) => status.stage === 'gate before 20_b');
    isChanged = true;
    await release.signal('approve', { gate: 'later' });
    await release.until((status) => status.waitingFor.some((line) => line.includes('gate more')));
    await release.signal('approve', { gate: 'later', as: 'dba-b' });
    await release.signal('approve', { gate: 'more', as: 'boss' });
    const { outcome, voided, approvals } = await release.result();
    expect(outcome).toBe('released');
    expect(voided).toMatchObject([{ approvals: [{ gate: 'later', who: 'dba-a' }] }]);
    expect(approvals.map(({ gate, who }) => [gate, who])).toEqual([
      ['rollout', 'dba-a'],
      ['later', 'dba-b'],
      ['more', 'boss'],
    ]);
  });

  it('expire after the time that their gate gives them, when the policy gives them more', async () => {
    const gate = { ...ROLLOUT, approvals: { dba: { need: 2, of: ['dba-a', 'dba-b'] } }, validFor: '1s' };
    const release = await world.release({ auditOrder: audited({ gates: [gate] }) });
    await release.atGate();
    await release.signal('approve');
    await release.until((status) => status.gates[0]?.approvals[0]?.have.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // what is tested is that time passes
    await release.signal('approve', { as: 'dba-b' });
    const status = await release.until((each) => each.gates[0]?.approvals[0]?.have[0] === 'dba-b');
    expect(status.gates[0]?.open).toBe(false);
    await release.signal('abort', { key: 'the-end-of-it' });
    const { outcome, approvals } = await release.result();
    expect(outcome).toBe('aborted');
    expect(approvals.map(({ who }) => who)).toEqual(['dba-b']); // the other one opened nothing
  });

  it('stay in the outcome where they opened a gate, though they expire before the end', async () => {
    const later = { ...ROLLOUT, id: 'later', before: '20_b' };
    const gates = [{ ...ROLLOUT, validFor: '1s' }, later];
    const release = await world.release({ auditOrder: audited({ gates }) });
    await release.atGate();
    await release.signal('approve');
    await release.until((status) => status.stage === 'gate before 20_b');
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // what is tested is that time passes
    await release.signal('approve', { gate: 'later', as: 'dba-b' });
    const { outcome, approvals } = await release.result();
    expect(outcome).toBe('released');
    expect(approvals.map(({ gate, who }) => [gate, who])).toEqual([
      ['rollout', 'dba-a'],
      ['later', 'dba-b'],
    ]);
  });
});

function notifying(auditOrder: NonNullable<Told['auditOrder']>): NonNullable<Told['auditOrder']> {
  return async (order) => {
    const { plan, targets } = await auditOrder(order);
    return { plan, targets: targets.map((target) => ({ ...target, notifies: true })) };
  };
}

/** At the gate for the second time. */
function askedAgain(release: ToldRelease) {
  return release.until(
    (status) =>
      status.stages.filter((stage) => stage.stage.startsWith('gate before')).length === 2 &&
      status.waitingFor.length > 0,
  );
}
