import { closeClaim, takeClaim } from '../../src/postgres/claim';
import { countLosses } from '../../src/postgres/losses';
import { NONCE } from '../support/prepared';
import { claimant, containing, inSession, openRelease } from './shop';

describe('a database that has lost commits', () => {
  const TABLE = 'create table orders (id int primary key)';

  /** As after a failover to a standby that was behind: what was acknowledged is not there. */
  const forget = (sql: string): string =>
    `alter table one_roof.ledger disable trigger all; alter table one_roof.fence disable trigger all; ${sql}`;

  it('is neither applied to nor rolled back, where a finished attempt is gone', async () => {
    const shop = await openRelease('first');
    await shop.apply(1, TABLE);
    await shop.others(
      forget('delete from one_roof.ledger; drop table orders; update one_roof.fence set ordinal = 0'),
    );
    const tip = { hold: { release: 'first', claim: shop.claim, ordinal: 2, tip: 1 } };
    const lost = { code: 'COMMITS_LOST', message: containing('attempt 1.1 was committed and is gone') };
    await expect(shop.run({ ordinal: 2, sql: [TABLE], change: tip })).rejects.toMatchObject(lost);
    const change = { ...tip, direction: 'rollback' as const };
    await expect(shop.run({ ordinal: 2, sql: ['drop table orders'], change })).rejects.toMatchObject(lost);
  });

  it('says so where the claim itself is gone, instead of naming a newer attempt', async () => {
    const shop = await openRelease('first');
    await shop.others(forget('update one_roof.fence set claim = 0, ordinal = 0'));
    await expect(shop.apply(1, TABLE)).rejects.toMatchObject({
      code: 'COMMITS_LOST',
      message: containing('claim 1 is gone, the fence stands at 0'),
    });
  });

  it('is known by its system identifier where another server answers', async () => {
    const shop = await openRelease('first');
    const hold = { release: 'first', claim: shop.claim, ordinal: 1 };
    const other = { ...hold, server: { systemIdentifier: '42', timeline: 7 } };
    await expect(shop.run({ ordinal: 1, sql: [TABLE], change: { hold: other } })).rejects.toMatchObject({
      code: 'COMMITS_LOST',
      message: containing('another server answers'),
    });
    await expect(shop.apply(2, TABLE)).resolves.toMatchObject({ outcome: 'applied' });
  });
});

describe('a release that was terminated', () => {
  const recover = (database: string, release: string, recovers = { by: 'recovery', claim: 1 }) =>
    inSession(database, (session) =>
      takeClaim(session, { ...claimant(release), recovers }, { kind: 'production', nonce: NONCE }),
    );

  it('is taken over under a higher claim: its zombies are refused, its tiers are found and rolled back', async () => {
    const shop = await openRelease('first');
    await shop.apply(1, 'create table orders (id int)');
    const { claim } = await recover(shop.database, 'first');
    expect(claim).toBe(shop.claim + 1);
    await expect(shop.apply(2, 'create table zombie (id int)')).rejects.toMatchObject({ code: 'SUPERSEDED' });
    const hold = { release: 'first', claim, ordinal: 1 };
    const change = { hold, direction: 'rollback' as const };
    await expect(shop.run({ ordinal: 1, sql: ['drop table orders'], change })).resolves.toMatchObject({
      outcome: 'rolled back',
    });
  });

  it('is taken over once by each recovery, and only from the claim that it found', async () => {
    const shop = await openRelease('first');
    const found = shop.claim;
    const { claim } = await recover(shop.database, 'first', { by: 'one', claim: found });
    await expect(recover(shop.database, 'first', { by: 'one', claim: found })).resolves.toMatchObject({
      claim,
    });
    await expect(recover(shop.database, 'first', { by: 'late', claim: found })).rejects.toMatchObject({
      code: 'SUPERSEDED',
      message: 'release first has been taken over by one',
    });
    await expect(recover(shop.database, 'first', { by: 'two', claim })).resolves.toEqual({
      claim: claim + 1,
      fingerprint: null,
    });
    await shop.close(); // by the claim that it once had: it is another's now
    const stale = { ...claimant('first'), recovers: { by: 'late', claim: found } };
    const end = {
      outcome: 'failed',
      claim: null,
      evidence: null,
      registration: { kind: 'production', nonce: NONCE } as const,
    };
    await inSession(shop.database, (session) => closeClaim(session, stale, end));
    expect(await shop.count("one_roof.release where state = 'open'")).toBe(1);
    const again = openRelease('first', shop.database);
    await expect(again).rejects.toMatchObject({ code: 'SUPERSEDED' }); // a zombie of the first workflow
  });

  it('is not taken over where the ledger shows it closed, or does not know it', async () => {
    const shop = await openRelease('first');
    await shop.close();
    for (const release of ['first', 'never'])
      await expect(recover(shop.database, release)).rejects.toMatchObject({ code: 'RELEASE_CLOSED' });
  });
});

describe('the rollback of a finished release by another one', () => {
  const TABLE = 'create table orders (id int primary key)';

  it('counts what others wrote since, and takes it away only where that was agreed to', async () => {
    const first = await openRelease('first');
    await first.run({ ordinal: 1, sql: [TABLE, 'insert into orders values (1), (2)'] });
    await first.close();
    await first.others('insert into orders values (3)');
    await expect(inSession(first.database, (session) => countLosses(session, 'first'))).resolves.toEqual([
      { table: 'public.orders', rows: 1 },
    ]);
    const second = await openRelease('second', first.database);
    const of = { direction: 'rollback', of: 'first' } as const;
    const undo = (ordinal: number, change: object) =>
      second.run({ ordinal, sql: ['drop table orders'], change: { ...of, ...change } });
    await expect(undo(1, {})).rejects.toMatchObject({ code: 'OTHERS_ROWS' });
    await expect(undo(2, { acceptsLoss: true })).resolves.toMatchObject({ outcome: 'rolled back' });
    expect(await second.count('one_roof.in_effect')).toBe(0);
    await expect(undo(3, { of: 'second' })).resolves.toMatchObject({ found: true });
  });
});
