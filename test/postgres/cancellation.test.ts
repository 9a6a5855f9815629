import { withSession } from '../../src/postgres/session';
import type { Session } from '../../src/postgres/session';
import { freshDatabase, urlOf, withClient } from '../support/database';

/** Takes the first cancel for nothing, as a statement between two of which it arrives would. */
const DEAF_ONCE = `do $$ begin
  begin perform pg_sleep(50); exception when query_canceled then null; end;
  perform pg_sleep(50);
end $$`;

/** Its commit takes a while: a deferred trigger holds it up. */
const SLOW_COMMIT = `
create table orders (id int);
create function hold_up() returns trigger language plpgsql as $$ begin perform pg_sleep(1.5); return null; end $$;
create constraint trigger hold_up after insert on orders deferrable initially deferred
  for each row execute function hold_up();`;

describe('a session whose signal fires', () => {
  it('sends no further statement', async () => {
    const stop = new AbortController();
    const ended = open(await freshDatabase(), stop.signal, async (session) => {
      await session.query('begin');
      stop.abort();
      await session.query('rollback');
      await session.query('create table orders (id int)');
    });
    await expect(ended).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('is cancelled again until it has ended', async () => {
    const stop = new AbortController();
    const ended = open(await freshDatabase(), stop.signal, (session) => {
      const running = session.query(DEAF_ONCE);
      stop.abort();
      return running;
    });
    await expect(ended).rejects.toThrow('due to user request');
  });

  it('is let be once its commit was sent', async () => {
    const stop = new AbortController();
    const database = await freshDatabase();
    await withClient(urlOf(database), (client) => client.query(SLOW_COMMIT));
    await open(database, stop.signal, async (session) => {
      await session.query('begin');
      await session.query('insert into orders values (1)');
      const committed = session.query('commit');
      stop.abort();
      return committed;
    });
    const rows = await withClient(urlOf(database), (client) => client.query('select from orders'));
    expect(rows.rowCount).toBe(1);
  });

  it('sends no commit', async () => {
    const stop = new AbortController();
    const database = await freshDatabase();
    const ended = open(database, stop.signal, async (session) => {
      await session.query('begin');
      await session.query('create table orders (id int)');
      stop.abort();
      await session.query('commit');
    });
    await expect(ended).rejects.toMatchObject({ code: 'ABORTED' });
    const there = await withClient(urlOf(database), (client) =>
      client.query(`select to_regclass('orders') as yes`),
    );
    expect(there.rows).toEqual([{ yes: null }]);
  });
});

function open<T>(database: string, signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
  const { hostname: host, port, username: user, password } = new URL(urlOf(database));
  const settings = { application: 'one-roof test', lockTimeoutMs: 1000, statementTimeoutMs: 30_000, signal };
  return withSession({ host, port: Number(port), database, user, password }, settings, work);
}
