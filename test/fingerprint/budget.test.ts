import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import { freshDatabase, urlOf, withClient } from '../support/database';
import { execute, fingerprintOf } from './subject';

const TABLES = `
  create table small (a integer);
  insert into small values (1);
  create table large (v text);
  insert into large select repeat('x', 100) || i from generate_series(1, 300000) i;
  create table held (a integer);
  create table hidden (a integer);`;
const NAMED = ['public.small', 'public.large', 'public.held', 'public.hidden', 'public.unheard_of'];

describe('a fingerprint within a budget', () => {
  it('is the same as one without, where there is time', async () => {
    const { contents, unread } = await within(await database(), 60_000);
    expect(unread).toEqual([]);
    expect(Object.keys(contents)).toEqual(['public.held', 'public.hidden', 'public.large', 'public.small']);
  });

  it('names the tables that it could not read in time, and goes on', async () => {
    const name = await database();
    const { contents, unread } = await within(name, 20);
    expect(contents['public.large']).toBeUndefined();
    expect(unread).toContain('public.large: no time was left');
    const whole = await fingerprintOf(name);
    for (const [table, content] of Object.entries(contents)) expect(content).toEqual(whole.contents[table]);
    expect(Object.keys(contents).length + unread.length).toBe(4);
  });

  it('names the tables that another session holds, or that the role may not read', async () => {
    const name = await database();
    const role = { name: `fp_budget_${name.slice(-6)}`, password: 'r' };
    await execute(name, [
      `create role ${role.name} login password 'r'`,
      `grant select on small, large, held to ${role.name}`,
    ]);
    await withClient(urlOf(name), async (holder) => {
      await holder.query('begin; lock table held in access exclusive mode');
      const { contents, unread } = await within(name, 60_000, role);
      expect(Object.keys(contents)).toEqual(['public.large', 'public.small']);
      expect(unread.sort()).toEqual([
        'public.held: another session holds it',
        'public.hidden: the role may not read it',
      ]);
    });
  });
});

async function database(): Promise<string> {
  const name = await freshDatabase();
  await execute(name, TABLES);
  return name;
}

async function within(name: string, ms: number, role?: { name: string; password: string }) {
  const unread: string[] = [];
  const budget = { ms, unread: (table: string, why: string) => unread.push(`${table}: ${why}`) };
  return withClient(urlOf(name, role), async (client) => {
    await client.query(`set lock_timeout = '100ms'`);
    const { contents } = await takeFingerprint(client, { contents: NAMED, budget });
    return { contents, unread };
  });
}
