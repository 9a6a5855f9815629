import { EvaluationOutcome } from '../../src/core/schema/evaluation';
import type { Recommendation, ScopeRun } from '../../src/core/schema/evaluation';
import { RehearsalOutcome } from '../../src/core/schema/outcome';
import { oneRoof } from './support/command-line';
import { SHELVES } from './support/evaluation';
import { greenfield, superuser } from './support/greenfield';
import { packageOf } from './support/packages';
import { REFERENCE, waitFor } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(420_000);

const WHERE = ['--source', 'production', '--on', 'clone-host'] as const;

/** What both scopes of the reference leave, by the probe and by the revalidation. REFERENCE.md. */
const OPTION_3 = {
  v_object_owner_gap: 210,
  v_object_owner_conflict: 0,
  governance_object_ownership: 0,
  event_outbox_governance: 0,
  candidate: 0,
  axis_tables: 6,
};
const FULL = {
  v_object_owner_gap: 0,
  v_object_owner_conflict: 0,
  governance_object_ownership: 30,
  event_outbox_governance: 0,
  candidate: 38,
  axis_tables: 6,
};
const FIGURES_OF_OPTION_3 = {
  own: 0,
  resp_gap: 210,
  active_axes: 3,
  axis_values: 20,
  axis_assignments: 0,
  axis_object_ownership: 0,
  reconcile_decisions: 0,
  drift_open: 0,
};
const FIGURES_OF_FULL = {
  own: 30,
  resp_gap: 0,
  active_axes: 3,
  axis_values: 20,
  axis_assignments: 41,
  axis_object_ownership: 40,
  reconcile_decisions: 6,
  drift_open: 38,
};

describe('an evaluation', () => {
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

  it('of option 3 of the reference shows its real figures, and recommends it with what its gate requires', async () => {
    const { exit, document } = await oneRoof(
      world,
      'evaluate',
      REFERENCE,
      '--scopes',
      'option-3,full',
      ...WHERE,
    );
    const outcome = EvaluationOutcome.parse(document);
    expect(exit).toBe(0);
    expect(outcome).toMatchObject({ outcome: 'evaluated', mutations: { source: 0 }, clonesLeft: [] });
    expect(await clones()).toEqual([]);
    const [option3, full, rest] = outcome.runs;
    expect(outcome.runs.map(({ outcome: end }) => end)).toEqual(['rehearsed', 'rehearsed', 'rehearsed']);

    expect(endOf(option3)).toMatchObject(OPTION_3);
    expect(option3?.figures).toEqual(FIGURES_OF_OPTION_3);
    expect(endOf(full)).toMatchObject(FULL);
    expect(full?.figures).toEqual(FIGURES_OF_FULL);
    expect(endOf(rest)).toMatchObject(FULL);
    expect(rest?.figures).toEqual(FIGURES_OF_FULL);

    const inert = option3?.metrics.filter((metric) => metric.inert) ?? [];
    expect(inert).toHaveLength(11);
    expect(inert.every(({ entry, trail, end }) => [...trail, end].every((value) => value === entry))).toBe(
      true,
    );
    expect(inert.find(({ metric }) => metric === 'v_object_owner_gap')?.trail).toEqual([210, 210]);
    expect(
      option3?.metrics.filter(({ verdict }) => verdict !== 'stays').map(({ metric, end }) => [metric, end]),
    ).toEqual([['axis_tables', 6]]);

    expect(outcome.waysBack.map(({ from, to, tiers, verdict }) => [from, to, tiers, verdict])).toEqual([
      ['option-3', 'entry', 2, 'identical'],
      ['full', 'entry', 6, 'identical'],
      ['option-3, then full', 'option-3', 4, 'identical'],
      ['option-3, the rest rolled back', 'entry', 2, 'identical'],
    ]);
    expect(outcome.ends).toMatchObject([
      { scope: 'full', after: ['option-3'], comparison: { verdict: 'identical' } },
    ]);
    expect(['public.system_issues', undefined]).toContain(outcome.ends[0]?.excused[0]);

    expect(meaningOf(option3, 'tier 1: structure is there')).toBe('proves it');
    expect(meaningOf(option3, 'tier 2: twenty axis values')).toBe('needs it');
    expect(meaningOf(option3, 'tier 3: domains are owned')).toBe('says nothing');
    expect(meaningOf(full, 'tier 3: domains are owned')).toBe('follows it');
    expect(meaningOf(rest, 'tier 1: structure is there')).toBe('says nothing');
    expect(meaningOf(rest, 'tier 6: known drift is recorded')).toBe('follows it');
    expect(rest?.unmetEntry).toEqual([]);

    const [recommendation] = outcome.recommendations;
    expect(recommendation).toMatchObject({
      scope: 'option-3',
      before: 'full',
      verdict: 'recommended, with conditions',
    });
    expect(recommendation?.conditions).toEqual([
      expect.stringMatching(
        /structure-only asks the same question as rollout, which reads 0 and opens at > 0/,
      ),
    ]);
    expect(failing(recommendation)).toEqual([]);
  });

  it('is against a part that moves what it declares to stay, and that does not lead to the same end', async () => {
    const folder = await packageOf(SHELVES);
    const { exit, document } = await oneRoof(world, 'evaluate', folder, '--scopes', 'part,full', ...WHERE);
    const outcome = EvaluationOutcome.parse(document);
    expect(exit).toBe(0);
    const [recommendation] = outcome.recommendations;
    expect(recommendation?.verdict).toBe('not recommended');
    expect(failing(recommendation)).toEqual(
      expect.arrayContaining(['nothing moves undeclared', 'part, then the rest, ends as full at once']),
    );
    expect(outcome.ends[0]?.comparison?.verdict).toBe('order only');
    expect(endOf(outcome.runs[0])).toEqual({ shelf_tables: 1 });
    expect(outcome.runs[0]?.metrics[0]?.verdict).toBe('misses its value');
    expect(outcome.waysBack.every(({ verdict }) => verdict === 'identical')).toBe(true);
  });

  it('that is aborted leaves no clone, and its rehearsal says why', async () => {
    const started = await oneRoof(
      world,
      'evaluate',
      REFERENCE,
      '--scopes',
      'option-3,full',
      ...WHERE,
      '--detach',
    );
    const id = String(Reflect.get(Object(started.document), 'id'));
    await waitFor('a clone', async () => ((await clones()).length > 0 ? true : undefined));
    const abort = ['abort', id, '--as', 'lead-a', '--reason', 'not today', '--yes'];
    expect((await oneRoof(world, ...abort)).exit).toBe(0);
    const { exit, document } = await oneRoof(world, 'watch', id);
    const outcome = EvaluationOutcome.parse(document);
    expect(exit).toBe(1);
    expect(outcome).toMatchObject({ outcome: 'aborted', clonesLeft: [], recommendations: [] });
    expect(await clones()).toEqual([]);
    const rehearsal = await oneRoof(world, 'report', outcome.runs[0]?.rehearsal ?? '', '--format', 'json');
    expect(RehearsalOutcome.parse(rehearsal.document).error?.message).toContain('lead-a: not today');
    expect((await oneRoof(world, 'status', id)).document).toMatchObject({
      kind: 'evaluation',
      stage: 'aborted',
    });
    expect((await oneRoof(world, 'timeline', id)).document).toMatchObject({ workflow: 'evaluation' });
    const listed = await oneRoof(world, 'list');
    expect(JSON.stringify(listed.document)).toContain(id);
  });

  /** Databases beside production, the templates of these tests and the server's own. */
  async function clones(): Promise<readonly unknown[]> {
    const foreign = `datname !~ '^(postgres|template\\d|directus|acceptance_.*)$'`;
    return await superuser(world.state, `select datname from pg_database where ${foreign}`, 'postgres');
  }
});

function endOf(run: ScopeRun | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(run?.metrics.map(({ metric, end }) => [metric, end]) ?? []);
}

function meaningOf(run: ScopeRun | undefined, check: string): string | undefined {
  return run?.checks.find((each) => each.check === check)?.meaning;
}

function failing(recommendation: Recommendation | undefined): readonly string[] {
  return recommendation?.reasons.filter(({ state }) => state === 'fails').map(({ about }) => about) ?? [];
}
