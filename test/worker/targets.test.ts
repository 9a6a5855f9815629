import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleaseError } from '../../src/core/rules/release-error';
import { readTargets } from '../../src/worker/targets';

const FOLDER = mkdtempSync(join(tmpdir(), 'one-roof-targets-'));

describe('targets.yaml', () => {
  it('may name no target', () => {
    expect(readTargets(fileOf('# none yet\n'))).toEqual({});
  });

  it.each([
    [
      'an unknown key, with the one that was meant',
      'production:\n  kind: database\n  connection: { service: x }\n  protectd: false\n',
      '4:3: `production.protectd` is no key; did you mean `protected`?',
    ],
    [
      'an unknown key of a policy, with those that are known',
      'p:\n  kind: database\n  connection: { service: x }\n  policy: { rehearsal: { often: true } }\n',
      '4:26: `p.policy.rehearsal.often` is no key; known here are `required`, `maxAge`',
    ],
    [
      'a word that is none of the known ones',
      'p: { kind: databse, connection: { service: x } }\n',
      '1:12: `p.kind` is "databse"; expected "database" or "clone-host"',
    ],
    [
      'a quorum that nobody can read',
      'p:\n  kind: database\n  connection: { service: x }\n  policy:\n    gates: [{ id: g, approvals: { dba: both } }]\n',
      '5:40: `p.policy.gates[0].approvals.dba` is "both"; expected `1 of [name, name]`',
    ],
    [
      'a name that is none',
      'Prod: { kind: database, connection: { service: x } }\n',
      '1:7: `Prod` is no name; expected lower case letters',
    ],
    [
      'two connections',
      'p: { kind: database, connection: { service: x, urlFrom: Y } }\n',
      '1:34: `p.connection` is {"service":"x","urlFrom":"Y"}; expected the same without `urlFrom`',
    ],
    [
      'a clone host without restorer',
      'h:\n  kind: clone-host\n  connection: { service: x }\n',
      '2:3: h.roles.restorer: a clone host needs its restorer',
    ],
    ['a list', '- production\n', '1:1: the whole is ["production"]; expected keys with values'],
    ['a key that stands twice', 'a: 1\na: 2\n', '2:1: Map keys must be unique'],
    ['what is no YAML', 'p: { kind: database\n', '2:1: Flow map'],
  ])('is refused at its place for %s', (_, text, message) => {
    const file = fileOf(text);
    expect(refusalOf(file)).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(refusalOf(file).message).toContain(`${file}:${message}`);
  });

  it('names all that is wrong at once', () => {
    const file = fileOf('p:\n  kind: database\n  conection: { service: x }\n  protected: maybe\n');
    expect(refusalOf(file).message.split('\n')).toEqual([
      expect.stringContaining(`${file}:2:3: \`p.connection\` is missing; expected`),
      `${file}:3:3: \`p.conection\` is no key; did you mean \`connection\`?`,
      `${file}:4:14: \`p.protected\` is "maybe"; expected true or false`,
    ]);
  });

  it('is missed where it is not there', () => {
    expect(refusalOf(join(FOLDER, 'none.yaml'))).toMatchObject({
      code: 'CONFIG_MISSING',
      message: `there is no file ${join(FOLDER, 'none.yaml')}`,
    });
  });
});

function fileOf(text: string): string {
  const file = join(FOLDER, 'targets.yaml');
  writeFileSync(file, text);
  return file;
}

function refusalOf(file: string): ReleaseError {
  try {
    readTargets(file);
  } catch (error) {
    if (error instanceof ReleaseError) return error;
    throw error;
  }
  throw new Error(`${file} was not refused`);
}
