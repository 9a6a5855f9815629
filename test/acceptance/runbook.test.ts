import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { superuserUrl } from '../../src/embedded/postgres-cluster';
import { duration } from '../../src/evidence/amounts';
import { summarize } from '../../src/postgres/fingerprint/summary';
import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import type { RehearsalOutcome } from '../../src/core/schema/outcome';
import { withClient } from '../support/database';
import { oneRoof } from './support/command-line';
import { PRODUCTION, greenfield } from './support/greenfield';
import { follow, objections, stepsOf, variablesOf } from './support/runbook';
import { REFERENCE, TIERS, rehearse, releaseOutcome, startApproved } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(180_000);

const WHO = 'bruno';
const RELEASE = 'Break-glass: the release by psql, without One-Roof';
const ROLLBACK = 'Break-glass: the rollback by psql, without One-Roof';

describe('a runbook, followed literally by psql', () => {
  let world: World;
  let rehearsal: RehearsalOutcome;

  beforeAll(async () => {
    world = await startWorld(0.01);
    rehearsal = await rehearse(world, REFERENCE);
    expect(rehearsal).toMatchObject({ outcome: 'rehearsed' });
  });

  afterAll(async () => {
    await world.end();
  });

  it('takes a release of One-Roof back, does the same release, and takes it back', async () => {
    await greenfield(world.state, 'approved');
    const before = await fingerprint(world);
    const release = await releaseOutcome(await startApproved(world, REFERENCE));
    expect(release).toMatchObject({ outcome: 'released' });
    const released = await fingerprint(world);
    expect(released).not.toEqual(before);
    expect(await followed(await runbook('rollback'), ROLLBACK)).toEqual([]);
    expect(await fingerprint(world)).toEqual(before);

    await greenfield(world.state, 'approved');
    expect(await followed(await runbook('release'), RELEASE)).toEqual([]);
    expect(await fingerprint(world)).toEqual(released);
    expect(await oneRoof(world, 'recover', 'production')).toMatchObject({
      exit: 0,
      document: { release: null },
    });
    expect(await followed(await runbook('rollback'), ROLLBACK)).toEqual([]);
    expect(await fingerprint(world)).toEqual(before);
  });

  it('stops whoever compares: at a closed gate, and at tiers that are not there', async () => {
    await greenfield(world.state, 'closed');
    const before = await fingerprint(world);
    const objected = await followed(await runbook('release'), RELEASE);
    expect(objected).toContainEqual(expect.stringContaining('The hard gate of rollout is open. is not > 0'));
    expect(objected).toContainEqual(expect.stringContaining('the hard gate is closed: nobody has approved'));
    expect(await followed(await runbook('rollback'), ROLLBACK)).toContainEqual(
      expect.stringContaining('What is in effect. is not 10_structure'),
    );
    expect(await fingerprint(world)).toEqual(before);
  });

  it('has the times that its last rehearsal measured, and no other', async () => {
    const release = await runbook('release');
    expect(release).toContain(`| rehearsal | ${rehearsal.id}, of production on clone-host`);
    expect(rehearsal.tiers.map(({ id }) => id)).toEqual([...TIERS]);
    for (const { id, ms } of rehearsal.tiers)
      expect(release).toContain(`| ${id} | prod/${id}.sql | ${duration(ms)} |`);
    const rollback = await runbook('rollback');
    for (const { stage, ms } of rehearsal.stages.filter((each) => each.stage.startsWith('roll back ')))
      expect(rollback).toContain(`| ${stage} | prod_rollback/per_tier_rollback.sql | ${duration(ms ?? 0)} |`);
  });

  /** By the command line, as Markdown in a file. */
  async function runbook(kind: 'release' | 'rollback'): Promise<string> {
    const file = join(world.state.root, `${kind}.md`);
    const words = ['runbook', kind, 'sql/one-roof-governance', '--format', 'md', '--output', file];
    expect(await oneRoof(world, ...words)).toMatchObject({ exit: 0, document: { target: 'production' } });
    return await readFile(file, 'utf8');
  }

  /** @returns what somebody who compares would object to */
  async function followed(markdown: string, section: string): Promise<readonly string[]> {
    const { postgres, pgpass } = world.addresses;
    const set = {
      PGHOST: postgres.host,
      PGPORT: String(postgres.port),
      PGPASSFILE: pgpass,
      PACKAGE: REFERENCE,
      WHO,
    };
    const steps = stepsOf(markdown, section);
    expect(variablesOf(steps)).toEqual(Object.keys(set));
    const path = `${world.bin}:${process.env['PATH'] ?? ''}`;
    return objections(await follow(steps, { PATH: path, ...set }), WHO);
  }
});

/** Schema and rows of production; the application writes its issues beside us. */
async function fingerprint({ state }: World): Promise<unknown> {
  const taken = await withClient(superuserUrl(state, PRODUCTION), (client) =>
    takeFingerprint(client, { contents: 'all' }),
  );
  const contents = Object.entries(taken.contents).filter(([table]) => table !== 'public.system_issues');
  return summarize({ ...taken, contents: Object.fromEntries(contents) });
}
