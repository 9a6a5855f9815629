import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The built command line: its progress list is ESM, which jest does not load. */
const MAIN = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');
const PACKAGE = join(__dirname, '..', '..', 'sql', 'one-roof-governance');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command line', () => {
  it('helps, with examples and exit codes', () => {
    const { status, stdout } = run(['release', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(
      '$ one-roof release sql/one-roof-governance --target production --requester lead-a',
    );
    expect(stdout).toContain('3  it waits for a person or a gate, or nobody works on it');
  });

  it.each([
    [['releas'], 'did you mean release?'],
    [['rehearse', 'x', '--souce', 'y'], 'did you mean --source?'],
    [['package', 'chek', 'x'], 'did you mean check?'],
  ])('knows what %j probably meant', (words, meant) => {
    const { status, stdout, stderr } = run(words);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(meant);
  });

  it('names everything that must be given, at once', () => {
    const { status, stdout } = run(['approve', 'x', '--digest', '12', '--json']);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({
      code: 'USAGE',
      details: {
        problems: [
          '--gate must be given',
          '--digest does not fit: a SHA-256 in 64 lower-case hexadecimal digits',
          '--as must be given',
          '--reason must be given',
        ],
      },
    });
  });

  it('says one JSON document and nothing else on stdout when it fails', () => {
    const { status, stdout, stderr } = run(['list', '--address', '127.0.0.1:1', '--json']);
    expect(status).toBe(1);
    expect(errorOf(stdout)).toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(stderr).toContain('Temporal at 127.0.0.1:1, namespace default (configured)');
  });

  it('never falls back to the embedded server with targets of the user', () => {
    const folder = mkdtempSync(join(tmpdir(), 'one-roof-cli-'));
    writeFileSync(join(folder, 'targets.yaml'), '{}\n');
    const { status, stdout } = run(['list', '--json'], folder);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'CONFIG_MISSING' });
  });

  it('names a target that does not exist, and what was probably meant', () => {
    const folder = mkdtempSync(join(tmpdir(), 'one-roof-cli-'));
    const target = '{kind: database, connection: {service: x}}';
    writeFileSync(join(folder, 'targets.yaml'), `production: ${target}\n`);
    const { status, stdout } = run(['plan', PACKAGE, '--target', 'prodction', '--json'], folder);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'TARGET_UNKNOWN' });
    expect(stdout).toContain('did you mean production?');
  });

  it('names the place in a targets.yaml that is wrong', () => {
    const folder = mkdtempSync(join(tmpdir(), 'one-roof-cli-'));
    writeFileSync(join(folder, 'targets.yaml'), 'production: {kind: databse}\n');
    const { status, stdout } = run(['targets', '--json'], folder);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(stdout).toContain('production.kind');
  });

  it('tells the digest of a package, as sha256sum does', () => {
    const sums = spawnSync('sh', ['-c', 'LC_ALL=C sort manifest-sha256.txt | sha256sum'], { cwd: PACKAGE });
    const { status, stdout } = run(['package', 'digest', PACKAGE]);
    expect(status).toBe(0);
    expect(stdout.trim()).toBe(sums.stdout.toString().slice(0, 64));
  });

  it('says where there is no package', () => {
    const { status, stdout } = run(['package', 'check', '/nonexistent', '--json']);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'PACKAGE_MISSING' });
  });

  it('has no colours without a terminal', () => {
    const { stdout, stderr } = run(['audit', PACKAGE], undefined, { CI: '1', FORCE_COLOR: undefined });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it.each(['bash', 'zsh', 'fish'])('completes in %s', (shell) => {
    const { status, stdout } = run(['completion', shell]);
    expect(status).toBe(0);
    expect(stdout).toContain('one-roof');
  });
});

function run(words: readonly string[], ...[folder, more]: readonly [string?, NodeJS.ProcessEnv?]): Ended {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', NODE_NO_WARNINGS: '1', ...more };
  const cwd = folder ?? mkdtempSync(join(tmpdir(), 'one-roof-cli-'));
  const ended = spawnSync(process.execPath, [MAIN, ...words], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

function errorOf(stdout: string): unknown {
  const document: unknown = JSON.parse(stdout);
  return typeof document === 'object' && document !== null ? Reflect.get(document, 'error') : undefined;
}
