import { hiddenColumns } from '../../src/core/rules/resolve-masking';
import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import { execute } from '../fingerprint/subject';
import { freshDatabase, urlOf, withClient } from '../support/database';

const TABLES = [
  'create table person (email text primary key, note text)',
  `insert into person values ('ann@secret.example', 'a'), ('bob@secret.example', 'b')`,
  'create table place (id int primary key, name text)',
  `insert into place values (1, 'here')`,
];
const HIDES = hiddenColumns({ sensitive: ['*.*.email'], columns: { 'public.person.phone': 'null' } });

describe('a fingerprint of what is not masked yet', () => {
  it.each([undefined, 60_000])(
    'keeps no key and no row’s hash of a table with a sensitive column (budget %p)',
    async (ms) => {
      const database = await freshDatabase('hidden');
      await execute(database, TABLES);
      const budget = ms === undefined ? {} : { budget: { ms, unread: () => undefined } };
      await withClient(urlOf(database), async (client) => {
        await client.query('begin isolation level repeatable read');
        const open = await takeFingerprint(client, { contents: 'all', ...budget });
        const hidden = await takeFingerprint(client, { contents: 'all', hides: HIDES, ...budget });
        expect(JSON.stringify(open)).toContain('ann@secret');
        expect(JSON.stringify(hidden)).not.toContain('ann@secret');
        expect(hidden.contents['public.person']?.detail).toBeUndefined();
        expect(hidden.contents['public.person']?.digest).toBe(open.contents['public.person']?.digest);
        expect(hidden.contents['public.place']).toEqual(open.contents['public.place']);
      });
    },
  );
});
