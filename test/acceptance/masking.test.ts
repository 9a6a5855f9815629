import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { Fingerprint } from '../../src/core/schema/fingerprint';
import { RehearsalOutcome } from '../../src/core/schema/outcome';
import { oneRoof } from './support/command-line';
import { superuser } from './support/greenfield';
import { packageOf } from './support/packages';
import { SHOP_1 } from './support/shop';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(300_000);

const KEPT = 'directus_masked';
const SENSITIVE = ['public.directus_users.last_name', '*.directus_users.email'];
const LAST_NAME = { 'public.directus_users.last_name': { sql: `'Name ' || left(id::text, 8)` } };
const EMAIL = { '*.directus_users.email': { sql: `left(id::text, 8) || '@example.org'` } };
const PEOPLE = 'select id, first_name, last_name, email, password from directus_users order by id';

describe('a rehearsal of a production with sensitive columns', () => {
  let world: World;
  let rehearse: readonly string[];

  beforeAll(async () => {
    world = await startWorld(0.01);
    const folder = await packageOf(SHOP_1);
    rehearse = ['rehearse', folder, '--source', 'production', '--on', 'clone-host', '--keep-as', KEPT];
  });
  afterAll(() => world.end());

  it('is refused, and nothing is dumped, where one of them has no rule or is gone', async () => {
    await mask({ sensitive: [...SENSITIVE, 'public.directus_users.phone'], columns: LAST_NAME });
    const { exit, document } = await oneRoof(world, ...rehearse);
    expect(exit).toBe(1);
    expect(document).toMatchObject({ outcome: 'failed', clone: null, error: { code: 'MASK_MISSING' } });
    expect(JSON.stringify(document)).toMatch(/directus_users\.email has no rule/);
    expect(JSON.stringify(document)).toMatch(/directus_users\.phone: there is no such column/);
    expect(dumps()).toEqual([]);
    expect(await databases()).toEqual([]);
  });

  it('leaves none of their values in the clone that it keeps, and everything else', async () => {
    await mask({ sensitive: SENSITIVE, columns: { ...LAST_NAME, ...EMAIL } });
    const { exit, document } = await oneRoof(world, ...rehearse);
    const masked = [
      { column: 'public.directus_users.email', rows: 8 },
      { column: 'public.directus_users.last_name', rows: 8 },
    ];
    expect({ exit, document }).toMatchObject({
      exit: 0,
      document: { outcome: 'rehearsed', masked, mutations: { source: 0 } },
    });
    const there = await superuser(world.state, PEOPLE);
    const expected = there.map((person) => {
      const start = String(person['id']).slice(0, 8);
      return { ...person, last_name: `Name ${start}`, email: `${start}@example.org` };
    });
    expect(await superuser(world.state, PEOPLE, KEPT)).toEqual(expected);
    const limit = `select datconnlimit from pg_database where datname = '${KEPT}'`;
    expect(await superuser(world.state, limit)).toEqual([{ datconnlimit: -1 }]);
    expect(dumps()).toEqual([]);
    expect(peopleBeforeMasking(RehearsalOutcome.parse(document))).toEqual([['rows', 'digest']]);
    const taken = await oneRoof(world, 'golden', 'snapshot', KEPT);
    expect(taken).toMatchObject({ exit: 0, document: { record: { masked } } });
  });

  /** A worker reads the file when it starts. */
  async function mask(masking: object): Promise<void> {
    const { targets } = world.addresses;
    const document = parseDocument(readFileSync(targets, 'utf8'));
    document.setIn(['production', 'policy', 'masking'], masking);
    writeFileSync(targets, String(document));
    await world.kill('worker');
    await world.revive();
  }

  /** What the store's documents hold of that table as it was in the source: no keys and no hashes of single rows. */
  function peopleBeforeMasking({ fingerprints }: RehearsalOutcome): readonly (readonly string[])[] {
    const place = join(world.addresses.store, 'documents');
    const read = (file: string): unknown => JSON.parse(readFileSync(join(place, file), 'utf8'));
    const people = (document: unknown) =>
      Fingerprint.safeParse(document).data?.contents['public.directus_users'];
    const digest = people(read(`${fingerprints?.source ?? ''}.json`))?.digest ?? '';
    const found = readdirSync(place).map((file) => people(read(file)));
    const held = found.flatMap((each) =>
      each?.digest === digest ? [Object.keys(each).sort().reverse()] : [],
    );
    return [...new Map(held.map((keys) => [keys.join(), keys])).values()];
  }

  function dumps(): readonly string[] {
    const place = join(world.addresses.store, 'dumps');
    return existsSync(place) ? readdirSync(place) : [];
  }

  async function databases(): Promise<readonly unknown[]> {
    const sql = `select datname from pg_database where datname !~ '^(postgres|template\\d|directus|acceptance_.*)$'`;
    return superuser(world.state, sql, 'postgres');
  }
});
