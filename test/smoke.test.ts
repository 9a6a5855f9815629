import { freshDatabase, urlOf, withClient } from './support/database';
import { FAILURES } from '../src/core/rules/failures';
describe('smoke', () => {
  it('runs', async () => {
    const name = await freshDatabase();
    const got = await withClient(urlOf(name), (c) => c.query('select 1 as one'));
    expect(got.rows).toEqual([{ one: 1 }]);
    expect(FAILURES.USAGE.exit).toBe(2);
  });
});
