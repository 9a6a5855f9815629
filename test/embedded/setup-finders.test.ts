import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../support/temporal';

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres', 'pg_dump', 'pg_restore', 'psql'] as const;

describe('set-up', () => {
  const base = mkdtempSync(join(tmpdir(), 'or-find-'));
  chmodSync(base, 0o755);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  describe('finds PostgreSQL', () => {
    it('by ONE_ROOF_PG_BIN before all else', () => {
      const named = postgres('named', '16.2');
      expect(find({ ONE_ROOF_PG_BIN: named, PATH: postgres('passed-over', '17.1') })).toEqual({
        bin: named,
        version: '16.2',
      });
    });

    it('and refuses a named folder that does not do, rather than to take another', () => {
      const old = postgres('named-old', '13.9');
      expect(() => find({ ONE_ROOF_PG_BIN: old, PATH: postgres('good', '17.1') })).toThrow(
        /13\.9, not 14 to 18/,
      );
    });

    it('on PATH, through the link of one program to the folder of all', () => {
      const real = postgres('real', '15.18');
      const links = folder('links');
      symlinkSync(join(real, 'initdb'), join(links, 'initdb'));
      expect(find({ PATH: links })).toEqual({ bin: real, version: '15.18' });
    });

    it('by pg_config', () => {
      const real = postgres('configured', '14.1');
      program(folder('config'), 'pg_config', `echo ${real}`);
      expect(find({ PATH: join(base, 'config') })).toEqual({ bin: real, version: '14.1' });
    });

    it('in the usual places, the newest that fits first', () => {
      postgres('debian/9/bin', '9.6');
      postgres('debian/15/bin', '15.2');
      postgres('debian/17/bin', '17.3');
      postgres('debian/19/bin', '19.1');
      expect(find({ PATH: '' }, 'debian')).toEqual({ bin: join(base, 'debian/17/bin'), version: '17.3' });
    });

    it('only where all programs are', () => {
      const half = postgres('half', '15.2');
      rmSync(join(half, 'pg_dump'));
      expect(find({ PATH: half })).toBeNull();
    });
  });

  describe('finds Temporal', () => {
    it('at TEMPORAL_ADDRESS before all else', () => {
      expect(temporal({ TEMPORAL_ADDRESS: 'host:7233' })).toEqual({ kind: 'address', address: 'host:7233' });
    });

    it('on PATH where its server is new enough, and else in the cache of the pinned version', () => {
      const old = folder('old-cli');
      program(old, 'temporal', 'echo "temporal version 0.9.0 (Server 1.21.0, UI 2.10.0)"');
      const cached = join(base, 'cache', 'one-roof', `temporal-1.8.2-${process.platform}-${process.arch}`);
      program(folder(cached), 'temporal', 'echo "temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)"');
      const path = join(cached, 'temporal');
      expect(temporal({ PATH: old })).toEqual({ kind: 'cli', path, version: '1.31.2' });
    });

    it('never as a file that does not run', () => {
      const broken = folder('broken-cli');
      program(broken, 'temporal', 'exit 1');
      expect(temporal({ PATH: broken, XDG_CACHE_HOME: join(base, 'empty') })).toBeNull();
    });
  });

  it('installs nothing where node_modules is as locked', () => {
    expect(ask('npm-packages', `whyPackagesDiffer(${JSON.stringify(CHECKOUT)})`)).toBeNull();
  });

  function find(environment: Record<string, string>, usual?: string): unknown {
    const whole = JSON.stringify({ XDG_CACHE_HOME: join(base, 'none'), ...withShell(environment) });
    const versioned = JSON.stringify(usual === undefined ? [] : [{ folder: join(base, usual), name: {} }]);
    const places = `${versioned}.map((place) => ({ ...place, name: /^\\d+$/ }))`;
    return ask('find-postgres', `findPostgres({ environment: ${whole}, versioned: ${places} })`);
  }

  function temporal(environment: Record<string, string>): unknown {
    const whole = JSON.stringify({ XDG_CACHE_HOME: join(base, 'cache'), ...withShell(environment) });
    return ask('find-temporal', `findTemporal({ root: ${JSON.stringify(CHECKOUT)}, environment: ${whole} })`);
  }

  function withShell(environment: Record<string, string>): Record<string, string> {
    return { ...environment, PATH: environment['PATH'] ?? '' };
  }

  /** The tools are plain ES modules, which run before anything is built: they are asked in a Node of their own. */
  function ask(module: string, call: string): unknown {
    const name = /^\w+/.exec(call)?.[0] ?? '';
    const url = JSON.stringify(`file://${join(CHECKOUT, 'tools', `${module}.mjs`)}`);
    const script = `import { ${name} } from ${url};
      try { console.log(JSON.stringify(await ${call})); }
      catch (error) { console.error(error.describe()); process.exit(1); }`;
    const args = ['--input-type=module', '-e', script];
    return JSON.parse(
      execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  function postgres(name: string, version: string): string {
    const bin = folder(name);
    for (const each of PROGRAMS) program(bin, each, `echo "${each} (PostgreSQL) ${version}"`);
    return bin;
  }

  function folder(name: string): string {
    const path = name.startsWith('/') ? name : join(base, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  function program(bin: string, name: string, body: string): void {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
});
