import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logEnd, logSince } from '../../src/embedded/process';
import { workerState } from '../../src/embedded/worker-process';
import { CHECKOUT } from '../support/temporal';
import { superuser } from './support/greenfield';
import { looksIn, manyTargets, openGate, rowPackage } from './support/many-targets';
import { packageOf } from './support/packages';
import { partsOf, quantile, reportOf } from './support/waiting-report';
import { releaseOutcome, sendAct, startReleaseTo, statusOf, waitFor } from './support/workflows';
import type { Started } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(3_000_000);

/** `npm run bench:waiting` has 1,000 wait at 10 targets. */
const RELEASES = Number(process.env['ONE_ROOF_WAITING'] ?? 24);
const TARGETS = Number(process.env['ONE_ROOF_WAITING_TARGETS'] ?? 3);
const EACH = RELEASES / TARGETS;
const READ_EVERY_MS = 1_000;
const WATCHED_MS = RELEASES > 100 ? 120_000 : 10_000;
const AT_ONCE = 12;
const FEW = Math.floor(RELEASES / 5);

describe(`${RELEASES} releases that wait at the closed gates of ${TARGETS} targets, with one worker`, () => {
  let world: World;
  let targets: readonly string[];
  /** When a fifth of them waited: the worker is warm by then. */
  let fewKb: number | undefined;
  const waiting: { readonly target: string; readonly release: Started }[] = [];

  beforeAll(async () => {
    world = await startWorld(0.01);
    targets = await manyTargets(world, TARGETS, `${READ_EVERY_MS}ms`);
    const numbers = Array.from({ length: EACH }, (_, index) => String(index).padStart(3, '0'));
    const wanted = numbers.flatMap((number) => targets.map((target) => ({ number, target })));
    await inParallel(wanted, async ({ number, target }) => {
      const folder = await packageOf(rowPackage(`row-${number}`, target));
      const release = await startReleaseTo(world, folder, target);
      waiting.push({ target, release });
      await waitFor(`the gate of ${target}`, async () =>
        (await statusOf(release)).stage === 'gate before 10_row' ? true : undefined,
      );
      await sendAct(release, 'approve', { gate: 'rollout', digest: release.package.digest, as: 'dba-a' });
      if (waiting.length >= FEW) fewKb ??= workerMemoryKb(world);
    });
  });
  afterAll(() => world.end());

  it('costs the reads of the monitors, and no events; then each target serves its own, one at a time', async () => {
    expect(waiting).toHaveLength(RELEASES);
    const eventsBefore = await settledEvents(waiting.map(({ release }) => release));
    const start = logEnd(world.state, 'postgres');
    const begun = Date.now();
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS)); // the time that is measured
    const watchedMs = Date.now() - begun;
    const looks = looksIn(logSince(world.state, 'postgres', start));
    const events = (await eventsOf(waiting.map(({ release }) => release))) - eventsBefore;
    const fullKb = workerMemoryKb(world);

    expect(new Set(looks.map(({ application }) => application))).toEqual(new Set(['one-roof read']));
    const rounds = watchedMs / READ_EVERY_MS;
    for (const target of targets) {
      const mine = looks.filter(({ database }) => database === target).length;
      expect(mine).toBeGreaterThan(rounds / 4); // this machine is slow now and then
      expect(mine).toBeLessThanOrEqual(rounds + 2); // those of one monitor, whoever waits
    }
    expect(events).toBe(0);

    const [opened = ''] = targets;
    const openedAt = await openGate(world, opened);
    const served = waiting.filter(({ target }) => target === opened).map(({ release }) => release);
    for (const release of served)
      expect(await releaseOutcome(release)).toMatchObject({ outcome: 'released' });
    const rows = await superuser(
      world.state,
      `select release, extract(epoch from began_at) * 1000 as began, extract(epoch from finished_at) * 1000 as finished
         from one_roof.ledger where direction = 'apply' order by began_at`,
      opened,
    );
    expect(rows).toHaveLength(EACH);
    rows.slice(1).forEach((row, index) => {
      expect(Number(row['began'])).toBeGreaterThanOrEqual(Number(rows[index]?.['finished'])); // one at a time
    });
    const others = waiting.filter(({ target }) => target !== opened);
    for (const { release } of others.slice(0, 10))
      expect((await statusOf(release)).stage).toBe('gate before 10_row');

    const parts = await Promise.all(
      served.map(async (release) => partsOf((await release.handle.fetchHistory()).events ?? [], openedAt)),
    );
    const claims = parts.reduce((sum, each) => sum + each.claims, 0);
    expect(claims).toBeLessThan(EACH * 1.5); // one each, but where two were told of the open gate apart
    const report = reportOf({
      releases: RELEASES,
      targets: TARGETS,
      watchedMs,
      readEveryMs: READ_EVERY_MS,
      looks: looks.length,
      events,
      memoryKb: (fullKb - (fewKb ?? fullKb)) / (RELEASES - FEW),
      first: rows.map((row) => Number(row['began']) - openedAt),
      parts,
    });
    writeFileSync(join(CHECKOUT, '.one-roof', 'bench-waiting.md'), report);
    expect(
      quantile(
        parts.map(({ told }) => told),
        0.5,
      ),
    ).toBeGreaterThan(0);
  });
});

/** What the worker's process holds in memory now. */
function workerMemoryKb(world: World): number {
  const found = workerState(world.state);
  if (found.state !== 'running') throw new Error('the worker does not run');
  const status = readFileSync(`/proc/${found.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
}

/** The events of all their histories together. */
async function eventsOf(releases: readonly Started[]): Promise<number> {
  let events = 0;
  await inParallel(releases, async ({ handle }) => {
    const { historyLength } = await handle.describe();
    events += historyLength; // not `+= await`: others add meanwhile
  });
  return events;
}

/** What the approvals, and the monitors' first answers, set off has ended: twice the same. @throws where it goes on and on */
async function settledEvents(releases: readonly Started[]): Promise<number> {
  let before = -1;
  for (let look = 0; look < 20; look += 1) {
    const now = await eventsOf(releases);
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 3_000)); // so long nothing must happen
  }
  throw new Error(`their histories do not cease to grow: ${before} events`);
}

async function inParallel<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const lane = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
