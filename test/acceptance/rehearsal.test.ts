import { RehearsalOutcome } from '../../src/core/schema/outcome';
import { RUN_ALL, byHand } from './support/break-glass';
import { oneRoof } from './support/command-line';
import { pgDump } from './support/dump';
import { greenfield, superuser } from './support/greenfield';
import { slowReference } from './support/packages';
import { attemptAt, statementAtWork } from './support/sessions';
import { REFERENCE, TIERS, rehearsalOutcome, rehearse, sendAct, startRehearsal } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(180_000);

const CLONE = /^directus_rehearsal_/;

/** What the probe reads of the greenfield production. REFERENCE.md, the baseline. */
const ENTRY = {
  current_database: 'directus',
  ospa: 0,
  governance_object_ownership: 0,
  v_governance_object_inventory: 35,
  governance_responsibility_scope: 6,
  v_object_owner_gap: 210,
  v_object_owner_conflict: 0,
  event_outbox_governance: 0,
  candidate: 0,
  ruleset: 0,
  scan_run: 0,
  worker_cursor: 0,
  axis_tables: 0,
  prereq_views_missing: 0,
  idle_in_transaction: 0,
  entity_labels: 8202,
};

/** What is read of the finalized clone: the probe's figures and those of the revalidation. */
const FINALIZED = {
  ...ENTRY,
  governance_object_ownership: 30,
  v_object_owner_gap: 0,
  candidate: 38,
  ruleset: 2,
  scan_run: 1,
  worker_cursor: 1,
  axis_tables: 6,
  own: 30,
  resp_gap: 0,
  active_axes: 3,
  axis_values: 20,
  axis_assignments: 41,
  axis_object_ownership: 40,
  reconcile_decisions: 6,
  drift_open: 38,
};

const COLLECTION_36 = `
insert into directus_collections (collection, "group") values ('price_lists_archive', 'operations');
insert into governance_collection_profile (collection, governed, birth_rule)
values ('price_lists_archive', true, 'BIRTH_REQUIRED')`;

const REHEARSE = ['rehearse', REFERENCE, '--source', 'production', '--on', 'clone-host'] as const;

describe('a rehearsal', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld(0.01);
  });

  afterAll(async () => {
    await world.end();
  });

  beforeEach(async () => {
    await greenfield(world.state, 'closed');
  });

  it('of the reference measures every figure, proves every rollback, drops the clone and changes nothing', async () => {
    const before = await pgDump(world);
    const { exit, document } = await oneRoof(world, ...REHEARSE);
    const outcome = RehearsalOutcome.parse(document);
    expect(exit).toBe(0);
    expect(await pgDump(world)).toEqual(before);
    expect(await clones()).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'rehearsed', mutations: { source: 0 }, clonesLeft: [] });
    expect(withoutIssues(outcome.baseline.entry)).toEqual(ENTRY);
    expect(withoutIssues(outcome.baseline.exit)).toEqual(ENTRY);
    expect(withoutIssues(outcome.figures)).toEqual({ ...FINALIZED, current_database: outcome.clone });
    expect(outcome.clone).toMatch(CLONE);
    expect(Number(outcome.baseline.entry['system_issues'])).toBeGreaterThanOrEqual(2046);
    expect(
      outcome.tiers.map(({ id, outcome: end, rollback, repeat }) => [id, end, rollback, repeat]),
    ).toEqual(TIERS.map((id) => [id, 'applied', 'identical', 'unchanged']));
    expect(outcome.reapplied?.verdict).toBe('identical');
  });

  it.each([
    ['a 36th collection', COLLECTION_36, 216],
    ['a 7th scope', `update governance_responsibility_scope set active = true where not active`, 245],
  ])('of a production with %s reports its gap and fails by it', async (_, change, gap) => {
    await superuser(world.state, change);
    const { exit, document } = await oneRoof(world, ...REHEARSE);
    const outcome = RehearsalOutcome.parse(document);
    expect(exit).toBe(1);
    expect(outcome.baseline.entry['v_object_owner_gap']).toBe(gap);
    expect(outcome.error).toMatchObject({ code: 'EXPECTATION_FAILED' });
    expect(outcome.error?.message).toContain(`v_object_owner_gap`);
    expect(outcome.error?.message).toContain(String(gap));
    expect(await clones()).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'failed', clonesLeft: [] });
  });

  it('of a finalized production with one root owner row less reports a gap of seven', async () => {
    await greenfield(world.state, 'approved');
    await byHand(world, RUN_ALL);
    await superuser(
      world.state,
      `delete from governance_object_ownership where object = 'content' and scope = 'legal'`,
    );
    const outcome = await rehearse(world, REFERENCE);
    expect(outcome.figures['v_object_owner_gap']).toBe(7);
    expect(outcome.figures['resp_gap']).toBe(7);
    expect(outcome).toMatchObject({ outcome: 'failed', clonesLeft: [] });
  });

  it('outlives a worker that is killed during the restore', async () => {
    const started = await startRehearsal(world, REFERENCE);
    await statementAtWork(world, { application: /^one-roof clone$/, database: CLONE });
    await world.kill('worker');
    await world.revive();
    const outcome = await rehearsalOutcome(started);
    expect(await clones()).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'rehearsed', clonesLeft: [] });
  });

  it('outlives a worker that is killed during a tier', async () => {
    const slow = await slowReference(`current_database() <> 'directus'`, ['30_ownership_seed']);
    const started = await startRehearsal(world, slow);
    await statementAtWork(world, {
      application: attemptAt('30_ownership_seed'),
      database: CLONE,
      query: /pg_sleep/,
    });
    await world.kill('worker');
    await world.revive();
    const outcome = await rehearsalOutcome(started);
    expect(await clones()).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'rehearsed', clonesLeft: [] });
  });

  it('that is aborted answers every act by its key and leaves nothing', async () => {
    const slow = await slowReference(`current_database() <> 'directus'`, ['30_ownership_seed']);
    const started = await startRehearsal(world, slow);
    await statementAtWork(world, { application: attemptAt('30_ownership_seed'), database: CLONE });
    const { digest } = started.package;
    const approval = await sendAct(started, 'approve', { gate: 'rollout', digest, as: 'dba-a' });
    expect(approval.accepted).toBe(false);
    expect(approval.reason).toContain('no gate');
    expect(await sendAct(started, 'abort', { as: 'lead-a' })).toMatchObject({ accepted: true });
    const outcome = await rehearsalOutcome(started);
    expect(outcome).toMatchObject({ outcome: 'aborted', clonesLeft: [], error: { code: 'ABORTED' } });
    expect(await clones()).toEqual([]);
  });

  it('may keep its clone, free for others, under a name that is free; what it made can be dropped', async () => {
    const keep = [...REHEARSE, '--keep-as', 'kept_for_a_look'] as const;
    const { exit, document } = await oneRoof(world, ...keep);
    expect(exit).toBe(0);
    expect(RehearsalOutcome.parse(document)).toMatchObject({ clone: 'kept_for_a_look', clonesLeft: [] });
    expect(await clones()).toEqual([{ datname: 'kept_for_a_look' }]);
    const open = `select id from one_roof.release where state = 'open'`;
    expect(await superuser(world.state, open, 'kept_for_a_look')).toEqual([]);
    const again = await oneRoof(world, ...keep);
    const refused = RehearsalOutcome.parse(again.document);
    expect(refused).toMatchObject({ outcome: 'failed', error: { code: 'CLONE_NAME_TAKEN' }, clone: null });
    expect((await oneRoof(world, 'clones', 'drop', 'kept_for_a_look', '--yes')).exit).toBe(0);
    expect(await clones()).toEqual([]);
    expect((await oneRoof(world, 'clones', 'drop', 'directus', '--yes')).exit).toBe(4);
  });

  /** Databases beside production, the templates of these tests and the server's own. */
  async function clones(): Promise<readonly unknown[]> {
    const foreign = `datname !~ '^(postgres|template\\d|directus|acceptance_.*)$'`;
    return await superuser(world.state, `select datname from pg_database where ${foreign}`, 'postgres');
  }
});

/** The organic metric moves while we look. */
function withoutIssues(metrics: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(metrics).filter(([metric]) => metric !== 'system_issues'));
}
