import { containing, openRelease } from './shop';
import { plannedTier, preparedDatabase } from '../support/prepared';

const PROBE = [`select 'issues' as metric, count(*) as value from issues`];
const tier = plannedTier('10_orders', { inert: ['issues'] });

describe('an inert metric', () => {
  it('is compared within the transaction: what others wrote until then has not moved by the tier', async () => {
    const shop = await openRelease('first', await preparedDatabase('create table issues (id int)'));
    await shop.others('insert into issues values (1)');
    const result = shop.run({
      ordinal: 1,
      sql: ['create table orders (id int)'],
      change: { tier },
      probe: PROBE,
    });
    await expect(result).resolves.toMatchObject({ outcome: 'applied', metrics: { issues: 1 } });
  });

  it('fails the tier that moves it', async () => {
    const shop = await openRelease('first', await preparedDatabase('create table issues (id int)'));
    await shop.others('insert into issues values (1)');
    const result = shop.run({
      ordinal: 1,
      sql: ['insert into issues values (2)'],
      change: { tier },
      probe: PROBE,
    });
    await expect(result).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
      message: containing('issues moved from 1 to 2'),
    });
  });
});
