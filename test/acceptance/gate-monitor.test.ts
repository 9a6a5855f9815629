import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { parseDocument } from 'yaml';
import { monitorId } from '../../src/core/rules/contract';
import { MonitorState } from '../../src/core/schema/monitor';
import { Notice } from '../../src/core/schema/notice';
import { superuserUrl } from '../../src/embedded/postgres-cluster';
import { duration } from '../../src/evidence/amounts';
import { oneRoof } from './support/command-line';
import { approve } from './support/greenfield';
import { packageOf } from './support/packages';
import { SHOP_1 } from './support/shop';
import { atGate, rehearse, startRelease, statusOf, waitFor } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(600_000);

/** `npm run chaos:monitor` reads 50,000 times. */
const READINGS = Number(process.env['ONE_ROOF_MONITOR_READINGS'] ?? 3_000);
const MOST_EVENTS = 2_000;
const MOST_BYTES = 1_000_000;

describe('the monitor of a target', () => {
  let world: World;
  let database: pg.Client;

  beforeAll(async () => {
    world = await startWorld(0.01);
    const { targets } = world.addresses;
    const document = parseDocument(readFileSync(targets, 'utf8'));
    document.setIn(['production', 'policy', 'readGatesEvery'], '1ms');
    writeFileSync(targets, String(document));
    database = new pg.Client({ connectionString: superuserUrl(world.state, 'directus') });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await world.end();
  });

  it(`reads ${READINGS} times, remembers each change, and keeps its history short`, async () => {
    expect((await oneRoof(world, 'gate', 'monitor', 'start', 'production', '--as', 'lead-a')).exit).toBe(0);
    const flips = await flipUntilRead(READINGS);
    const state = await gateStatus();
    expect(state.readings).toBeGreaterThanOrEqual(READINGS);
    expect(Date.now() - Date.parse(state.readAt ?? '')).toBeLessThan(60_000);
    const seen = state.changes.filter(({ gate }) => gate === 'rollout').map(({ open }) => open);
    expect(seen.length).toBeGreaterThanOrEqual(Math.min(flips, 5));
    expect(seen.every((open, index) => index === 0 || open !== seen[index - 1])).toBe(true);
    for (const { events, bytes } of await runs()) {
      expect(events).toBeLessThan(MOST_EVENTS);
      expect(bytes).toBeLessThan(MOST_BYTES);
    }
  });

  it('says that it is not read, and closed, while the database refuses its reader', async () => {
    await database.query('alter role one_roof_reader nologin');
    await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'one_roof_reader'",
    );
    const closed = await until(({ read }) => read.every(({ unreadable }) => unreadable !== null));
    expect(closed.read[0]?.unreadable).toContain('one_roof_reader');
    await database.query('alter role one_roof_reader login');
    await until(({ read }) => read.every(({ unreadable }) => unreadable === null));
  });

  it('ends when it is stopped and nobody waits', async () => {
    expect((await oneRoof(world, 'gate', 'monitor', 'stop', 'production')).exit).toBe(0);
    await world.temporal.workflow.getHandle(monitorId('production')).result();
    expect((await oneRoof(world, 'gate', 'status', 'production')).exit).toBe(2);
  });

  it('tells the exact order behind a gate that has opened, with the readings that opened it', async () => {
    await database.query("delete from os_proposal_approvals where reason = 'a test'");
    const told = join(world.state.root, 'told.json');
    const { targets } = world.addresses;
    const document = parseDocument(readFileSync(targets, 'utf8'));
    document.setIn(
      ['production', 'notify'],
      [{ command: ['sh', '-c', `cat > ${told}.part && mv ${told}.part ${told}`] }],
    );
    writeFileSync(targets, String(document));
    await world.kill('worker');
    await world.revive(); // a worker reads the file when it starts
    const folder = await packageOf(SHOP_1);
    const rehearsal = await rehearse(world, folder);
    const release = await startRelease(world, folder);
    await atGate(release);
    await waitFor('the first reading', async () => {
      const { gates } = await statusOf(release);
      return gates.find(({ hard }) => hard?.open === false); // what is open at the first look has not opened
    });
    await approve(world.state);
    const notice = await waitFor('the order', () =>
      Promise.resolve(existsSync(told) ? Notice.parse(JSON.parse(readFileSync(told, 'utf8'))) : undefined),
    );
    const { workflowId } = release.handle;
    expect(notice).toMatchObject({ kind: 'gate', orders: [{ release: workflowId }] });
    const order = notice.orders?.[0]?.text ?? '';
    expect(order).toContain(`It is for release ${workflowId} with digest ${release.package.digest}`);
    expect(order).toMatch(/\| rollout \| 10_items \| [1-9]\d* \| > 0 \| 20\d\d-/);
    const took = rehearsal.tiers.reduce((sum, { ms }) => sum + ms, 0);
    expect(order).toContain(`In rehearsal its tiers took ${duration(took)}.`);
    expect(order).toContain('must print `approve by NAME: accepted`');
    await release.handle.signal('abort', { key: 'the-end-of-it', as: 'lead-a', reason: 'a test' });
    await release.handle.result();
  });

  async function gateStatus(): Promise<MonitorState> {
    return MonitorState.parse((await oneRoof(world, 'gate', 'status', 'production')).document);
  }

  async function until(fact: (state: MonitorState) => boolean): Promise<MonitorState> {
    for (;;) {
      const state = await gateStatus();
      if (fact(state)) return state;
    }
  }

  /** The approvals application opens and closes the gate, again and again. */
  async function flipUntilRead(readings: number): Promise<number> {
    for (let flips = 1; ; flips += 1) {
      await database.query(
        flips % 2 === 1
          ? "insert into os_proposal_approvals (proposal, decision, decided_by, reason) values ('one-roof-governance', 'approve', 'alma', 'a test')"
          : "delete from os_proposal_approvals where reason = 'a test'",
      );
      const before = (await gateStatus()).changes.length;
      const { changes, readings: read } = await until(
        (state) => state.changes.length > before || state.readings >= readings,
      );
      if (read >= readings && changes.length >= 5) return flips;
    }
  }

  /** Every run of the monitor, also those that it went on from. */
  async function runs(): Promise<readonly { events: number; bytes: number }[]> {
    const found = [];
    for await (const run of world.temporal.workflow.list({
      query: `WorkflowId = '${monitorId('production')}'`,
    }))
      found.push({ events: run.historyLength, bytes: run.historySize ?? 0 });
    expect(found.length).toBeGreaterThan(0);
    return found;
  }
});
