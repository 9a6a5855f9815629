import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REFERENCE, errorOf, folderWith, run } from './spawned';
import type { Ended } from './spawned';

/** Where no server is: what is begun at all fails there, with exit 1. */
const NOWHERE = ['--address', '127.0.0.1:1', '--json'];
const TARGETS = [
  'production: {kind: database, connection: {service: x}}',
  'staging: {kind: database, connection: {service: x}}',
  'clone-host: {kind: clone-host, connection: {service: y}, roles: {restorer: root}}',
].join('\n');
const DATABASES = 'of that kind: production, staging';

describe('a target of the wrong kind', () => {
  it.each([
    [
      ['rehearse', REFERENCE, '--source', 'clone-host', '--on', 'clone-host'],
      `--source needs a database, and target clone-host is a clone-host; ${DATABASES}`,
    ],
    [
      ['rehearse', REFERENCE, '--source', 'production', '--on', 'staging'],
      '--on needs a clone-host, and target staging is a database; of that kind: clone-host',
    ],
    [
      ['release', REFERENCE, '--target', 'clone-host', '--requester', 'lead-a'],
      `--target needs a database, and target clone-host is a clone-host; ${DATABASES}`,
    ],
    [
      ['plan', REFERENCE, '--target', 'clone-host'],
      `--target needs a database, and target clone-host is a clone-host; ${DATABASES}`,
    ],
    [
      ['baseline', 'clone-host', '--package', REFERENCE],
      `a baseline needs a database, and target clone-host is a clone-host; ${DATABASES}`,
    ],
    [
      ['clones', 'list', '--on', 'production'],
      '--on needs a clone-host, and target production is a database; of that kind: clone-host',
    ],
  ])('is refused before anything is begun: %j', (words, message) => {
    const { status, stdout } = run([...words, ...NOWHERE], folderWith(TARGETS));
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'CONFIG_INVALID', message });
  });

  it('is told of both at once where they are swapped', () => {
    const words = ['rehearse', REFERENCE, '--source', 'clone-host', '--on', 'production', ...NOWHERE];
    const { stdout } = run(words, folderWith(TARGETS));
    expect(errorOf(stdout)).toMatchObject({ details: { problems: [/--source/, /--on/].map(matching) } });
  });

  it('is told that there is none of the right kind', () => {
    const folder = folderWith('production: {kind: database, connection: {service: x}}\n');
    const words = ['rehearse', REFERENCE, '--source', 'production', '--on', 'production', ...NOWHERE];
    expect(errorOf(run(words, folder).stdout)).toMatchObject({
      message: `--on needs a clone-host, and target production is a database; ${join(folder, 'targets.yaml')} has none`,
    });
  });
});

describe('the name of a clone that is kept', () => {
  it.each(['Upper', 'with space', 'x'.repeat(64), 'postgres', 'template1', 'one_roof_drop_1'])(
    'is refused before anything is begun where it cannot be %s',
    (name) => {
      const { status, stdout } = keeping(name);
      expect(status).toBe(2);
      expect(errorOf(stdout)).toMatchObject({
        code: 'USAGE',
        message: matching(/^--keep-as does not fit: /),
      });
    },
  );

  it('may be any other', () => {
    expect(errorOf(keeping('directus_gov-2026.06').stdout)).toMatchObject({ code: 'SERVER_UNREACHABLE' });
  });

  function keeping(name: string): Ended {
    const words = ['--source', 'production', '--on', 'clone-host', '--keep-as', name, ...NOWHERE];
    return run(['rehearse', REFERENCE, ...words], folderWith(TARGETS));
  }
});

describe('a word that is not known', () => {
  it('after `targets` is answered with the one that was meant', () => {
    const { status, stderr } = run(['targets', 'chekc'], folderWith(TARGETS));
    expect(status).toBe(2);
    expect(stderr).toContain("'chekc' does not fit: only check does; did you mean check?");
    expect(stderr).toContain('one-roof targets --help');
  });

  it('leads to the help of its command', () => {
    expect(run(['rehearse', REFERENCE, '--sorce', 'production']).stderr).toContain(
      'one-roof rehearse --help',
    );
  });
});

describe('a folder that holds no package', () => {
  it.each([['plan', '--target', 'production'], ['package check']])('is named by %s', (command, ...more) => {
    const folder = mkdtempSync(join(tmpdir(), 'one-roof-empty-'));
    const { status, stdout, stderr } = run([...command.split(' '), folder, ...more], folderWith(TARGETS));
    expect(status).toBe(2);
    expect(stdout + stderr).toContain(`PACKAGE_MISSING ${folder} holds no release.yaml`);
  });
});

describe('a target that is not registered', () => {
  it('is told what to run, and where to put what that prints', () => {
    const { status, stdout } = run(['targets', 'check', '--json'], folderWith(TARGETS));
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [
        {
          target: 'production',
          code: 'NOT_PREPARED',
          hint: matching(
            /`one-roof target prepare production`.* put the nonce .*`registration:` of production/,
          ),
        },
        {},
        {},
      ],
    });
  });

  it('is shown the nonce that the database has, which may be an older one', () => {
    const { stdout } = run(['target', 'prepare', 'production'], folderWith(TARGETS));
    expect(stdout).toMatch(/^-- targets\.yaml, target production: registration: [0-9a-f]{32}\n/);
    expect(stdout.trimEnd()).toMatch(/select name, nonce as registration from one_roof\.target;$/);
  });
});

describe('a variable that is set and empty', () => {
  const EMPTY = {
    ONE_ROOF_CONFIG: '',
    ONE_ROOF_STORE: '',
    ONE_ROOF_STATE: '',
    ONE_ROOF_UI: '',
    ONE_ROOF_PG_BIN: '',
    ONE_ROOF_SIGNING_KEY: '',
    TEMPORAL_ADDRESS: '',
    TEMPORAL_NAMESPACE: '',
    TEMPORAL_API_KEY: '',
  };

  it('names no file of targets', () => {
    const { status, stdout } = run(['targets', '--json'], folderWith(TARGETS), EMPTY);
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { kind: 'targets' }]);
  });

  it('names no UI', () => {
    const words = ['open', '--json'];
    expect(run(words, undefined, EMPTY)).toEqual(run(words));
  });

  it('names no namespace', () => {
    const { stderr } = run(['list', ...NOWHERE], undefined, EMPTY);
    expect(stderr).toContain('Temporal at 127.0.0.1:1, namespace default (configured)');
  });
});

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
