import { verifyExecutor } from '../../src/postgres/privileges';
import { prepareSql } from '../../src/postgres/prepare';
import { withSession } from '../../src/postgres/session';
import { urlOf, withClient } from '../support/database';
import { NONCE, endpointOf, preparedDatabase } from '../support/prepared';
import { containing, openRelease } from './shop';

const APPROVALS = 'create table public.approvals (id int, decision text)';

describe('the executor', () => {
  it('may be what a prepared database makes it', async () => {
    await expect(verified([APPROVALS])).resolves.toBeUndefined();
  });

  it.each([
    [
      'a column of a protected table to write',
      ['grant update (decision) on approvals to WHO'],
      'it may write',
    ],
    [
      'a column to insert, through a group',
      ['create role GROUP', 'grant insert (id) on approvals to GROUP', 'grant GROUP to WHO'],
      'it may write',
    ],
    [
      'writing by a role that it only can set',
      [
        'create role GROUP',
        'grant delete on approvals to GROUP',
        'alter role WHO noinherit',
        'grant GROUP to WHO',
      ],
      'it may write',
    ],
    [
      'membership in a superuser',
      ['create role GROUP superuser', 'grant GROUP to WHO'],
      'it is a superuser, or a member of one',
    ],
    ['the database', ['alter database DB owner to WHO'], 'the owner of the database'],
    [
      'the owner of the database',
      ['create role GROUP', 'alter database DB owner to GROUP', 'grant GROUP to WHO'],
      'the owner of the database',
    ],
    ['schema one_roof', ['alter schema one_roof owner to WHO'], 'the owner of schema one_roof'],
    [
      'a table of schema one_roof',
      ['alter table one_roof.ledger owner to WHO'],
      'the owner of schema one_roof',
    ],
    ["the server's programs", ['grant pg_execute_server_program to WHO'], 'runs programs'],
  ])('has too much with %s', async (_, sql, words) => {
    await expect(verified([APPROVALS, ...sql])).rejects.toMatchObject({
      code: 'PRIVILEGE_EXCESS',
      message: containing(words),
    });
  });
});

describe('schema one_roof', () => {
  it.each([
    ['a finished row of the ledger', `update one_roof.ledger set rows_changed = 9`, 'never changed'],
    ['the bytes of the ledger', `update one_roof.ledger set sha256 = 'x'`, 'permission denied'],
    ['a row of the ledger away', `delete from one_roof.ledger`, 'permission denied'],
    ['a row of another attempt', insertLedger(1, 7, 'null'), 'is not in force'],
    ['a row of another claim', insertLedger(0, 1, 'null'), 'is not in force'],
    ['a row that is finished as it begins', insertLedger(1, 2, 'now()'), 'begins unfinished'],
    ['the fence down', 'update one_roof.fence set claim = 0', 'only rises'],
    ['the attempt in force again', 'update one_roof.fence set ordinal = ordinal', 'only rises'],
    ['another fence', 'insert into one_roof.fence values (false, 9, 9)', 'permission denied'],
    ['the registration', `update one_roof.target set nonce = 'x'`, 'permission denied'],
    ['who holds the database', `update one_roof.release set requester = 'x'`, 'permission denied'],
    ['a closed release', `update one_roof.release set state = 'open' where id = 'closed'`, 'stays so'],
  ])('does not let the executor write %s', async (_, sql, words) => {
    const shop = await openRelease('first');
    await shop.apply(1, 'create table orders (id int)');
    await shop.others(
      `insert into one_roof.release (id, package, version, digest, scope, requester, state) values ('closed', '', '', '', '', '', 'closed');
       update one_roof.fence set ordinal = 2`,
    );
    const at = { application: 'one-roof test', lockTimeoutMs: 1000, statementTimeoutMs: 1000 };
    const written = withSession(endpointOf(shop.database, 'executor'), at, (session) => session.query(sql));
    await expect(written).rejects.toMatchObject({ message: containing(words) });
  });

  it('is made tight by preparing again a database that was prepared more widely', async () => {
    const shop = await openRelease('first');
    await shop.others('grant insert, update on all tables in schema one_roof to one_roof_executor');
    const roles = { reader: 'one_roof_reader', cloner: 'one_roof_cloner', executor: 'one_roof_executor' };
    await withClient(urlOf('postgres'), async (cluster) => {
      await cluster.query('select pg_advisory_lock(7)'); // as preparedDatabase does
      await shop.others(prepareSql({ name: 'test', kind: 'production', nonce: NONCE }, roles));
    });
    await shop.apply(1, 'create table orders (id int)');
    expect(
      await shop.count(
        `(select where has_table_privilege('one_roof_executor', 'one_roof.ledger', 'update')) x`,
      ),
    ).toBe(0);
  });
});

function insertLedger(claim: number, ordinal: number, finished: string): string {
  return `insert into one_roof.ledger (claim, ordinal, release, package, tier, direction, sha256, finished_at)
          values (${claim}, ${ordinal}, 'first', 'shop', '10_orders', 'rollback', 'x', ${finished})`;
}

/** Whether a role of its own passes: WHO is its name, GROUP another role's, DB the database's. */
async function verified(sql: readonly string[]): Promise<void> {
  const database = await preparedDatabase();
  const who = `executor_of_${database}`;
  const named = [`create role WHO login`, ...sql].map((text) =>
    text.replaceAll('WHO', who).replaceAll('GROUP', `group_of_${database}`).replaceAll('DB', database),
  );
  await withClient(urlOf(database), async (client) => {
    for (const text of named) await client.query(text);
  });
  const at = { application: 'one-roof test', lockTimeoutMs: 1000, statementTimeoutMs: 5000 };
  await withSession(endpointOf(database, 'reader'), at, (session) =>
    verifyExecutor(session, who, ['public.approvals']),
  );
}
