import { TierRule } from '../../src/core/schema/descriptor';
import { riskNotesOf } from '../../src/package/risk-notes';

const TIER = TierRule.parse({ id: '10_orders', apply: 'orders.sql', irreversible: 'a test' });

describe('the notes of squawk', () => {
  it('name the tier, the line and the rule', async () => {
    const sql = 'select 1;\nalter table orders alter column amount type bigint;\n';
    const notes = await riskNotesOf(new Map([['orders.sql', Buffer.from(sql)]]), [TIER]);
    expect(notes).toContainEqual(
      expect.objectContaining({
        tier: '10_orders',
        file: 'orders.sql',
        line: 2,
        rule: 'changing-column-type',
      }),
    );
  });

  it('leave out what One-Roof sees to itself', async () => {
    const sql = 'create table orders (id bigint);';
    expect(await riskNotesOf(new Map([['orders.sql', Buffer.from(sql)]]), [TIER])).toEqual([]);
  });
});
