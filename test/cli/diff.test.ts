import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureRegistry, recordIntent } from '../../src/postgres/clone/registry';
import { withSession } from '../../src/postgres/session';
import { execute } from '../fingerprint/subject';
import { freshDatabase, urlOf } from '../support/database';
import { errorOf, folderWith, run } from './spawned';
import type { Ended } from './spawned';

const START = `
  create table person (id integer primary key, name text);
  insert into person values (1, 'a'), (2, 'b'), (3, 'c');
  create table large (id bigint primary key, v text);
  insert into large select i, 'v' || i from generate_series(1, 20000) i;`;

describe('one-roof fingerprint and diff', () => {
  let one: string;
  let other: string;
  let host: string;
  let folder: string;

  beforeAll(async () => {
    [one, other, host] = [await freshDatabase(), await freshDatabase('clone'), await freshDatabase('host')];
    await execute(one, START);
    await execute(other, START);
    const { hostname, port, username, password } = new URL(urlOf(host));
    const endpoint = { host: hostname, port: Number(port), database: host, user: username, password };
    const settings = { application: 'test', lockTimeoutMs: 5_000, statementTimeoutMs: 5_000 };
    await withSession(endpoint, settings, async (session) => {
      await ensureRegistry(session);
      await recordIntent(session, { nonce: 'f'.repeat(32), owner: 'rehearsal-x', name: other });
    });
    folder = folderWith(`
      production: { kind: database, protected: false, connection: { urlFrom: ONE }, roles: { cloner: ${username} } }
      clone-host: { kind: clone-host, connection: { urlFrom: HOST }, roles: { restorer: ${username} } }`);
  });

  const command = (...words: string[]): Ended => run(words, folder, { ONE: urlOf(one), HOST: urlOf(host) });

  it('find a clone identical to its source', () => {
    const { status, stdout } = command('diff', 'production', other, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'diff',
      before: { of: 'production' },
      after: { of: other },
      verdict: 'identical',
      rows: [],
    });
    expect(status).toBe(0);
  });

  it('name the rows by their keys, of small tables and of large ones, where both are there', async () => {
    const changed = await freshDatabase('clone', other);
    await execute(
      changed,
      `update person set name = 'x' where id = 2; delete from large where id in (77, 4000); alter table person add born date`,
    );
    const endpoints = { ONE: urlOf(one), HOST: urlOf(host), TWO: urlOf(changed) };
    writeFileSync(
      join(folder, 'two.yaml'),
      `production: { kind: database, protected: false, connection: { urlFrom: ONE }, roles: { cloner: ${new URL(urlOf(one)).username} } }
changed: { kind: database, protected: false, connection: { urlFrom: TWO }, roles: { cloner: ${new URL(urlOf(one)).username} } }`,
    );
    const words = ['diff', 'production', 'changed', '--config', 'two.yaml'];
    const { status, stdout } = run([...words, '--json'], folder, endpoints);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'different',
      rows: [
        { table: 'public.large', missing: 2, exact: true, key: 'id', keys: { missing: ['77', '4000'] } },
        { table: 'public.person', changed: null },
      ],
    });
    expect(stdout).toMatch(/"name": "public.person.born",\s+"before": null/);
    const text = run(words, folder, endpoints).stdout;
    expect(text).toContain('rows of public.large: 20000 → 19998, 2 missing; id: missing 77, 4000');
    expect(text).toContain('column public.person.born: new after');
  });

  it('compare with a file from before, which only its owner may read', async () => {
    const file = join(folder, 'before.json');
    expect(command('fingerprint', 'production', '--output', 'before.json').stdout).toContain(
      '2 tables, 20003 rows',
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(command('diff', 'before.json', other).status).toBe(0);
    await execute(one, `insert into person values (9, 'n')`);
    const { status, stdout } = command('diff', 'before.json', 'production');
    await execute(one, 'delete from person where id = 9');
    expect(status).toBe(1);
    expect(stdout).toContain('rows of public.person: 3 → 4, 1 new; id: new 9');
    expect(stdout).toMatch(/verdict\s+different/);
  });

  it('print the whole fingerprint as the document, of the schema alone where that is asked for', () => {
    const { stdout } = command('fingerprint', other, '--contents', 'none', '--json');
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({
      kind: 'fingerprint',
      of: other,
      tables: 0,
      rows: 0,
      fingerprint: { contents: {} },
    });
    writeFileSync(join(folder, 'schema.json'), stdout);
    expect(command('diff', 'schema.json', 'production').status).toBe(0);
    expect(readFileSync(join(folder, 'schema.json'), 'utf8')).toContain('public.person');
  });

  it('say what they take, where a word is neither file, target nor clone', () => {
    const { status, stdout } = command('diff', 'productoin', other, '--json');
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'TARGET_UNKNOWN' });
    expect(errorOf(command('fingerprint', 'nobody', '--on', 'clone-host', '--json').stdout)).toMatchObject({
      code: 'CLONE_NOT_OURS',
    });
  });
});
