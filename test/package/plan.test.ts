import { ReleasePlan } from '../../src/core/schema/plan';
import { planOf } from '../../src/package/plan';
import { sha256Of } from '../../src/package/sha256';
import { SAMPLE, descriptorWith, failureOf, samplePackage } from './sample';

describe('a plan', () => {
  it('names the files of every part with their digests', async () => {
    const pkg = samplePackage();
    const plan = await planOf(pkg, 'full');
    expect(plan).toMatchObject({
      package: pkg.ref,
      scope: 'full',
      preflight: { path: 'preflight.sql', sha256: sha256Of(SAMPLE['preflight.sql'] ?? '') },
      probe: { path: 'probe.sql' },
      verify: null,
      author: null,
    });
    expect(plan.tiers.map(({ id, statements, rollback }) => [id, statements, rollback?.path])).toEqual([
      ['10_first', 2, 'rollback.sql'],
      ['20_second', 1, 'rollback.sql'],
      ['30_third', 1, undefined],
    ]);
    expect(plan.tiers[2]).toMatchObject({ rollback: null, irreversible: 'what was sent is sent' });
  });

  it('survives the journey through JSON', async () => {
    const plan = await planOf(samplePackage(), 'part');
    expect(ReleasePlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it('holds the tiers of its scope in the order of the package', async () => {
    const release = descriptorWith('tiers: [20_second, 30_third]', 'tiers: [30_third, 20_second]');
    const { tiers } = await planOf(samplePackage({ 'release.yaml': release }), 'late');
    expect(tiers.map(({ id }) => id)).toEqual(['20_second', '30_third']);
  });

  it('says which scopes there are where one is unknown', async () => {
    expect(await failureOf(() => planOf(samplePackage(), 'prat'))).toBe(
      'SCOPE_UNKNOWN: there is no scope prat; the package has full, part, late',
    );
    expect(await failureOf(() => planOf(samplePackage(), 'constructor'))).toMatch(/^SCOPE_UNKNOWN/);
  });

  it('takes the exit values of its scope for those of the full one', async () => {
    const pkg = samplePackage();
    expect((await planOf(pkg, 'full')).metrics).toEqual({
      rows: { entry: 0, exit: 3 },
      issues: { drift: 'organic' },
    });
    expect((await planOf(pkg, 'part')).metrics).toEqual({
      rows: { entry: 0, exit: 2 },
      issues: { drift: 'organic' },
    });
  });

  it('replaces a declared drift by an exit value of the scope', async () => {
    const release = descriptorWith('exit: { rows: 2 }', 'exit: { issues: 7 }');
    const { metrics } = await planOf(samplePackage({ 'release.yaml': release }), 'part');
    expect(metrics['issues']).toEqual({ exit: 7 });
  });

  it('has the gates of its scope alone', async () => {
    const pkg = samplePackage();
    expect(gatesOf(await planOf(pkg, 'full'))).toEqual(['start before 10_first']);
    expect(gatesOf(await planOf(pkg, 'part'))).toEqual([
      'start before 10_first',
      'only-part before 20_second',
    ]);
  });

  it('has a gate before the next tier where its own is left out, so that leaving out opens nothing', async () => {
    expect(gatesOf(await planOf(samplePackage(), 'late'))).toEqual(['start before 20_second']);
  });

  it('has no gate behind its last tier', async () => {
    const release = descriptorWith('before: 10_first', 'before: 30_third');
    expect(gatesOf(await planOf(samplePackage({ 'release.yaml': release }), 'part'))).toEqual([
      'only-part before 20_second',
    ]);
  });

  it('is refused where a file is not in the package, at the place that names it', async () => {
    const release = descriptorWith('apply: 10.sql', 'apply: 10_.sql').replace(
      'probe: probe.sql',
      'probe: p/p.sql',
    );
    const draft = samplePackage();
    const pkg = samplePackage({ 'release.yaml': release, '10_.sql': '', 'p/p.sql': '' });
    const files = new Map([...draft.files, ['release.yaml', Buffer.from(release)] as const]);
    expect(await failureOf(() => planOf({ ...pkg, files }, 'full'))).toBe(
      'DESCRIPTOR_INVALID: release.yaml:7:12: 10_.sql applies tier 10_first, but is not in the package; did you mean 10.sql?\n' +
        'release.yaml:17:10: p/p.sql is the probe, but is not in the package',
    );
  });

  it.each([
    ['a tier', { '10.sql': 'commit' }, 'SQL_REFUSED: 10.sql:1:1: transaction control'],
    [
      'a rollback',
      { 'rollback.sql': (SAMPLE['rollback.sql'] ?? '') + 'vacuum' },
      'SQL_REFUSED: rollback.sql:5:1: ',
    ],
    ['a probe', { 'probe.sql': 'delete from t' }, 'SQL_REFUSED: probe.sql:1:1: DELETE in a file'],
    [
      'a check that checks nothing',
      { 'preflight.sql': '-- later' },
      'SQL_REFUSED: preflight.sql holds no SELECT',
    ],
  ])('is refused for what may not be executed in %s', async (_, changes, message) => {
    expect(await failureOf(() => planOf(samplePackage(changes), 'full'))).toContain(message);
  });

  it.each([
    [
      'select 1; select 2',
      'SQL_REFUSED: release.yaml, gate only-part: a hard gate is one SELECT; this holds 2',
    ],
    ['delete from t', 'SQL_REFUSED: release.yaml, gate only-part:1:1: DELETE in a file'],
  ])('is refused for the hard gate %j', async (query, message) => {
    const release = descriptorWith('sql: select 1', `sql: ${query}`);
    expect(await failureOf(() => planOf(samplePackage({ 'release.yaml': release }), 'part'))).toContain(
      message,
    );
  });
});

function gatesOf(plan: ReleasePlan): readonly string[] {
  return plan.gates.map(({ id, before }) => `${id} before ${before}`);
}
