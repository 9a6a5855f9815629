import { parseDescriptor } from '../../src/package/descriptor';
import { SAMPLE, descriptorWith, failureOf } from './sample';

describe('a descriptor', () => {
  it('is read with its defaults', () => {
    const { name, tiers, gates, onFailure } = parseDescriptor(Buffer.from(SAMPLE['release.yaml'] ?? ''));
    expect(name).toBe('sample');
    expect(tiers[0]).toMatchObject({ lockTimeout: '2s', repeatable: false, inert: [] });
    expect(gates[0]?.approvals).toEqual({ dba: { need: 1, of: ['dba-a', 'dba-b'] } });
    expect(onFailure).toBe('rollback');
  });

  it.each([
    [
      'an unknown key, with the one that was meant',
      ['    expect: {', '    lockTimeot: 2s\n    expect: {'],
      '12:5: `tiers[1].lockTimeot` is no key; did you mean `lockTimeout`?',
    ],
    [
      'an unknown key, with those that are known',
      ['{ name: shop }', '{ name: shop, hostname: x }'],
      '3:25: `database.hostname` is no key; known here are `name`, `postgres`',
    ],
    [
      'a number for a text',
      ['version: "1"', 'version: 1'],
      '2:10: `version` is 1; expected a text. Put it in quotes',
    ],
    ['a key that is missing', ['version: "1"\n', ''], '1:1: `version` is missing; expected a text'],
    [
      'a key that is missing further in',
      ['    apply: 30.sql\n', ''],
      '13:5: `tiers[2].apply` is missing; expected a text',
    ],
    [
      'a word that is none of the known ones',
      ['{ drift: organic }', '{ drift: organc }'],
      '20:22: `baseline.metrics.issues.drift` is "organc"; expected "forbidden" or "organic" or keys with values',
    ],
    [
      'a value of no form',
      ['    expect: {', '    lockTimeout: 2 seconds\n    expect: {'],
      '12:18: `tiers[1].lockTimeout` is "2 seconds"; expected a number and one of ms, s, m, h, d: `2s`',
    ],
    ['a path that leads out', ['apply: 10.sql', 'apply: ../10.sql'], '7:12: tiers[0].apply: a relative path'],
    [
      'both a rollback and a reason for none',
      ['irreversible: what', 'rollback: rollback.sql\n    irreversible: what'],
      '13:5: tiers[2]: give `rollback: <file>` or `irreversible: <why>`, exactly one of them',
    ],
    [
      'a quorum that nobody can read',
      ['dba: 1 of [dba-a, dba-b]', 'dba: one of us'],
      '25:12: `gates[0].approvals.dba` is "one of us"; expected `1 of [name, name]`',
    ],
    [
      'a quorum in braces without quotes',
      ['approvals:\n      dba: 1 of [dba-a, dba-b]', 'approvals: { dba: 1 of [dba-a, dba-b] }'],
      '24:28: Unexpected flow-seq-start at node end. Inside braces a quorum needs quotes: "1 of [name, name]"',
    ],
    [
      'a gate for a scope that is not there',
      ['scopes: [part]', 'scopes: [prat]'],
      '28:14: there is no scope prat, only full, part, late',
    ],
    [
      'a scope that takes the name of the full one',
      ['  late:', '  full:'],
      '32:9: scope full is always that of all tiers',
    ],
    [
      'a tier that is not there',
      ['[20_second, 30_third]', '[20_second, 40_x]'],
      '32:18: scopes.late.tiers: there is no tier 40_x',
    ],
    [
      'a key that stands twice',
      ['version: "1"', 'version: "1"\nname: other'],
      '3:1: Map keys must be unique',
    ],
    ['a tag', ['version: "1"', 'version: !!js/function x'], '2:10: Unresolved tag'],
    ['what is no YAML', ['version: "1"', 'version: "1'], '2:12: Missing closing'],
  ] as const)('is refused at its place for %s', async (_, [piece, other], message) => {
    const said = await failureOf(() => parseDescriptor(Buffer.from(descriptorWith(piece, other))));
    expect(said).toMatch(/^DESCRIPTOR_INVALID: release\.yaml:/);
    expect(said).toContain(message);
  });

  it('names all that is wrong at once, from the top', async () => {
    const text = 'name: Big\nversion: 1\ndatabase: {}\ntiers: []\nextra: 1\n';
    expect((await failureOf(() => parseDescriptor(Buffer.from(text)))).split('\n')).toEqual([
      'DESCRIPTOR_INVALID: release.yaml:1:7: `name` is "Big"; expected lower case letters, digits, `_`, `-`, `.`; at most 63',
      'release.yaml:2:10: `version` is 1; expected a text. Put it in quotes',
      'release.yaml:3:11: `database.name` is missing; expected a text',
      'release.yaml:4:8: `tiers` is []; expected at least 1 of them',
      expect.stringContaining('release.yaml:5:1: `extra` is no key'),
    ]);
  });

  it('is refused where metrics are expected that no probe reads', async () => {
    const text = descriptorWith(
      'baseline:\n  probe: probe.sql\n  metrics:\n    rows: { entry: 0, exit: 3 }\n    issues: { drift: organic }\n',
      '',
    );
    expect(await failureOf(() => parseDescriptor(Buffer.from(text)))).toContain(
      '9:5: tier 20_second expects metrics, but no `baseline.probe` reads them',
    );
  });

  it('is refused where its aliases would fill the memory', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array<string>(10).fill(`*a${level}`).join()}]`,
    );
    const bomb = ['a0: &a0 [x]', ...levels].join('\n');
    expect(await failureOf(() => parseDescriptor(Buffer.from(bomb)))).toBe(
      'DESCRIPTOR_INVALID: release.yaml: its aliases unfold without end',
    );
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['no UTF-8', Buffer.from([0xff])],
    ['too large', Buffer.alloc(1024 * 1024 + 1, '#')],
    ['a list', Buffer.from('- a')],
    ['two documents', Buffer.from('a: 1\n---\nb: 1')],
  ])('is refused where it is %s', async (_, bytes) => {
    expect(await failureOf(() => parseDescriptor(bytes))).toMatch(/^DESCRIPTOR_INVALID: release\.yaml/);
  });
});
