import type { MonitorState } from '../../src/core/schema/monitor';
import type { Notice } from '../../src/core/schema/notice';
import { PACKAGE } from '../support/prepared';
import { ToldWorld } from './told';
import { ROLLOUT, audited } from './well';
import type { Told } from './well';

const HARD = { sql: 'select 1', opens: '> 0' };
const CALM = { rounds: 1, notifies: true, alarmAfterMs: 300_000 };

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

type Seen = Awaited<ReturnType<NonNullable<Told['watchGates']>>>;

/** One answer after the other, each for every package that is asked for; the last one for ever, and no news. */
function seeing(...values: readonly (number | string)[]): {
  readonly told: Told;
  readonly notices: Notice[];
} {
  const notices: Notice[] = [];
  let turn = 0;
  const watchGates: NonNullable<Told['watchGates']> = async ({ asked, known }) => {
    const value = values[Math.min(turn, values.length - 1)] ?? 0;
    if (turn >= values.length && known !== null) await new Promise((end) => setTimeout(end, 500));
    turn += 1;
    const readAt = new Date().toISOString();
    return { ...CALM, readAt, answers: asked.map(() => answerOf(value, readAt)) };
  };
  return { told: { watchGates, notifyPeople: ({ notice }) => void notices.push(notice) }, notices };
}

/** A number is what the gate reads; a text is why it cannot be read. */
function answerOf(value: number | string, readAt: string): Seen['answers'][number] {
  if (typeof value === 'string') return { readings: [], unreadable: value };
  const reading = { gate: 'rollout', open: value > 0, value, opens: '> 0', readAt };
  return { readings: [reading], unreadable: null };
}

interface Asked {
  query<T>(name: string): Promise<T>;
}

async function until(monitor: Asked, fact: (state: MonitorState) => boolean): Promise<MonitorState> {
  for (;;) {
    const state = await monitor.query<MonitorState>('monitor');
    if (fact(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 50)); // asked again: the fact is waited for
  }
}

describe('a gate monitor', () => {
  it('goes on while nobody waits, remembers changes alone, and ends when it is stopped', async () => {
    const { told } = seeing(0, 0, 3, 3, 0);
    const monitor = await world.keptMonitor(told);
    const state = await until(monitor, ({ changes }) => changes.length === 3);
    expect(state.changes.map(({ open, value, of }) => [open, value, of])).toEqual([
      [false, 0, 'the policy'],
      [true, 3, 'the policy'],
      [false, 0, 'the policy'],
    ]);
    expect(state).toMatchObject({ keptBy: 'lead-a', waiting: [], read: [{ of: 'the policy' }] });
    expect(state.readings).toBeGreaterThanOrEqual(5);
    await monitor.signal('stop');
    await expect(monitor.result()).resolves.toBeUndefined();
  });

  it('tells people what has changed', async () => {
    const { told, notices } = seeing(0, 2);
    const monitor = await world.keptMonitor(told);
    await until(monitor, ({ changes }) => changes.length === 2);
    await until(monitor, () => notices.length === 1);
    expect(notices).toMatchObject([
      {
        kind: 'gate',
        title: 'production: a gate is open',
        package: null,
        lines: ['gate rollout of the policy, scope full: open, read 2'],
      },
    ]);
    await monitor.signal('stop');
    await monitor.result();
  });

  it('is closed when it cannot be read, says why, and raises one alarm after a while', async () => {
    const { told, notices } = seeing(2, 'the server is gone');
    const watchGates: NonNullable<Told['watchGates']> = async (input) => ({
      ...((await told.watchGates?.(input)) ?? { ...CALM, readAt: '', answers: [] }),
      alarmAfterMs: 1_000,
    });
    const monitor = await world.keptMonitor({ ...told, watchGates });
    const { changes } = await until(monitor, (state) => state.changes.length === 2);
    expect(changes[1]).toMatchObject({ gate: 'all', open: false, unreadable: 'the server is gone' });
    await until(monitor, () => notices.some(({ kind }) => kind === 'alarm'));
    await until(monitor, (state) => state.readings > changes.length + 4);
    expect(notices.filter(({ kind }) => kind === 'alarm')).toMatchObject([
      {
        title: 'production: its gates cannot be read, and count as closed',
        lines: ['the server is gone', expect.any(String)],
      },
    ]);
    await monitor.signal('stop');
    await monitor.result();
  });

  it('tells an anomaly once, for as long as it is there', async () => {
    const { told, notices } = seeing(0);
    const found = ['a transaction of app (psql, pid 7, idle in transaction) is open for longer than 15 min'];
    const monitor = await world.keptMonitor({
      ...told,
      readAnomalies: () => ({ found, figures: {}, mutations: 0 }),
    });
    const { anomalies } = await until(monitor, (state) => state.anomalies.length === 1);
    expect(anomalies[0]?.what).toBe(found[0]);
    await until(monitor, () => notices.some(({ kind }) => kind === 'anomaly'));
    expect(notices.filter(({ kind }) => kind === 'anomaly')).toMatchObject([{ lines: found }]);
    await monitor.signal('stop');
    await monitor.result();
  });

  it('tells a release that has just come at once, and later only what changes', async () => {
    const { told } = seeing(0, 0, 0, 5);
    const release = await world.release({ auditOrder: audited({ gates: [{ ...ROLLOUT, hard: HARD }] }) });
    await release.atGate();
    const gates = [{ gate: 'rollout', opens: '> 0' }];
    const subscription = { release: release.handle.workflowId, package: PACKAGE, scope: 'full', gates };
    const monitor = await world.monitor(told, subscription);
    await release.until((status) => status.gates[0]?.hard?.value === 0);
    await release.until((status) => status.gates[0]?.hard?.open === true);
    const { events } = await release.handle.fetchHistory();
    const told_ = (events ?? []).filter(
      ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === 'gateReadings',
    );
    expect(told_).toHaveLength(2);
    await release.signal('approve');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
    await monitor.signal('unsubscribe', release.handle.workflowId);
    await expect(monitor.result()).resolves.toBeUndefined();
  });

  it('tells who goes first that its gate has opened, and the others when that one has heard it', async () => {
    const { told } = seeing(0, 0, 5);
    const gates = [{ gate: 'rollout', opens: '> 0' }];
    const subscribed = async () => {
      const release = await world.release({ auditOrder: audited({ gates: [{ ...ROLLOUT, hard: HARD }] }) });
      await release.atGate();
      return { release, of: { release: release.handle.workflowId, package: PACKAGE, scope: 'full', gates } };
    };
    const gone = { release: 'release-shop-gone', package: PACKAGE, scope: 'full', gates };
    const [first, second, third] = [await subscribed(), await subscribed(), await subscribed()];
    const monitor = await world.monitor(told, gone);
    for (const { of } of [first, second, third]) await monitor.signal('subscribe', of);
    for (const { release } of [first, second, third])
      await release.until((status) => status.gates[0]?.hard?.open === true);
    const { events } = await monitor.fetchHistory();
    const ids = [first, second, third].map(({ of }) => of.release);
    const sent = (events ?? []).flatMap(({ eventId, ...event }) => {
      const attributes = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
      const to = ids.indexOf(attributes?.workflowExecution?.workflowId ?? '');
      const text = Buffer.from(attributes?.input?.payloads?.[0]?.data ?? []).toString();
      return text.includes('"open":true') ? [{ to, at: Number(eventId), id: String(eventId) }] : [];
    });
    expect(sent.map(({ to }) => to).sort()).toEqual([0, 1, 2]);
    const [leader, ...others] = sent;
    const heard = (events ?? []).find(
      (event) =>
        String(event.externalWorkflowExecutionSignaledEventAttributes?.initiatedEventId) === leader?.id,
    );
    expect(leader?.to).toBe(0);
    for (const { at } of others) expect(at).toBeGreaterThan(Number(heard?.eventId));
    for (const { release } of [first, second, third]) {
      await release.signal('abort');
      await release.result();
      await monitor.signal('unsubscribe', release.handle.workflowId);
    }
    await monitor.result();
  });
});
