import { spawnSync } from 'node:child_process';
import { REFERENCE, errorOf, folderWith, run } from './spawned';

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
    [['rehearse', 'x', '--sorce', 'y'], 'did you mean --source?'],
    [['--jsno', 'list'], 'did you mean --json?'],
    [['package', 'chek', 'x'], 'did you mean check?'],
    [['decide', 'x', 'retyr'], 'did you mean retry?'],
    [['report', 'x', '--format', 'mdd'], 'did you mean md?'],
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
          '--digest does not fit: a SHA-256 in 64 lower-case hexadecimal digits',
          '--gate must be given',
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
    const { status, stdout } = run(['list', '--json'], folderWith('{}\n'));
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'CONFIG_MISSING' });
  });

  it('names a target that does not exist, and what was probably meant', () => {
    const folder = folderWith('production: {kind: database, connection: {service: x}}\n');
    const { status, stdout } = run(['plan', REFERENCE, '--target', 'prodction', '--json'], folder);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'TARGET_UNKNOWN' });
    expect(stdout).toContain('did you mean production?');
  });

  it('names the place in a targets.yaml that is wrong', () => {
    const { status, stdout } = run(['targets', '--json'], folderWith('production: {kind: databse}\n'));
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(stdout).toContain('targets.yaml:1:20: `production.kind` is');
  });

  it('tells the digest of a package, as sha256sum does', () => {
    const sums = spawnSync('sh', ['-c', 'LC_ALL=C sort manifest-sha256.txt | sha256sum'], { cwd: REFERENCE });
    const { status, stdout } = run(['package', 'digest', REFERENCE]);
    expect(status).toBe(0);
    expect(stdout.trim()).toBe(sums.stdout.toString().slice(0, 64));
  });

  it('says where there is no package', () => {
    const { status, stdout } = run(['package', 'check', '/nonexistent', '--json']);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'PACKAGE_MISSING' });
  });

  it('has no colours without a terminal', () => {
    const { stdout, stderr } = run(['audit', REFERENCE], undefined, { CI: '1', FORCE_COLOR: undefined });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it.each(['bash', 'zsh', 'fish'])('completes in %s', (shell) => {
    const { status, stdout } = run(['completion', shell]);
    expect(status).toBe(0);
    expect(stdout).toContain('one-roof');
  });
});
