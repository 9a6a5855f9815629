import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../support/temporal';
import { containing } from './shop';
import { openStandIn } from './stand-in';

/** An editor's suggestion that tier 50_topic_finalization trips over. */
const INTRUDER = readFileSync(join(CHECKOUT, 'sql', 'directus', 'intruder.sql'), 'utf8');

describe('the release by hand', () => {
  it('goes out, comes back, and goes out again', async () => {
    const shop = await openStandIn();
    expect(await shop.runAll()).toMatchObject({ code: 0 });
    expect(await shop.inEffect()).toBe(6);
    expect(await shop.rollBackAll()).toMatchObject({ code: 0 });
    expect(await shop.inEffect()).toBe(0);
    expect(await shop.runAll()).toMatchObject({ code: 0 });
    expect((await shop.releases()).map(({ outcome }) => outcome)).toEqual([
      'released',
      'rolled back',
      'released',
    ]);
  });

  it('records what each tier left in tables', async () => {
    const shop = await openStandIn();
    await shop.runAll();
    const { rows } = await shop.query('select tier, effects from one_roof.ledger order by tier');
    expect(rows).toMatchObject([
      { tier: '10_structure', effects: { created: { 'public.governance_owner_role': 8 }, inserted: {} } },
      {
        tier: '20_responsibility_axis',
        effects: { created: { 'public.governance_axis_value': 20 }, inserted: {} },
      },
      {
        tier: '30_ownership_seed',
        effects: { created: {}, inserted: { 'public.governance_object_ownership': 30 } },
      },
      { tier: '40_containment' },
      { tier: '50_topic_finalization', effects: { inserted: { 'public.governance_axis_assignment': 41 } } },
      { tier: '60_scanner_baseline' },
    ]);
  });

  it('does not begin where the preflight does not hold', async () => {
    const shop = await openStandIn();
    await shop.query(
      `insert into event_outbox (event_domain, event_type, payload) values ('governance', 'x', '{}')`,
    );
    const { code, said } = await shop.runAll();
    expect(code).toBe(3);
    expect(said).toContain(
      'the preflight does not hold: nothing of ours waits to be dispatched (1 governance events)',
    );
    expect(await shop.releases()).toEqual([]);
  });

  it('stays open where it dies, names what closes it, and goes on when it is run again', async () => {
    const shop = await openStandIn();
    await shop.query(INTRUDER);
    const died = await shop.runAll();
    expect(died).toMatchObject({ code: 3, said: containing('governance_axis_assignment_one_first') });
    expect(died.said).toContain("give up with: select one_roof.break_glass_end(1, 'given up');");
    expect(await shop.releases()).toMatchObject([{ id: 'break-glass-1', state: 'open' }]);
    await shop.query(`delete from governance_topic_suggestion where suggested_by = 'deniz'`);
    await shop.query(`insert into event_outbox (event_domain, event_type) values ('governance', 'born')`); // the preflight no longer holds
    expect(await shop.runAll()).toMatchObject({ code: 0, said: containing('holds no more') });
    expect(await shop.inEffect()).toBe(6);
    expect(await shop.releases()).toMatchObject([
      { outcome: 'taken over by break-glass of bruno' },
      { id: 'break-glass-2', outcome: 'released' },
    ]);
  });

  it('is closed by the command that it names, once', async () => {
    const shop = await openStandIn();
    await shop.query(INTRUDER);
    await shop.runAll();
    const giveUp = `set role one_roof_executor; select one_roof.break_glass_end(1, 'given up')`;
    await shop.query(giveUp);
    expect(await shop.releases()).toMatchObject([{ state: 'closed', outcome: 'given up' }]);
    await expect(shop.query(giveUp)).rejects.toThrow('no release of claim 1 is open');
  });
});

describe('its rollback by hand', () => {
  it.each([
    [
      'in a table that a tier created',
      `insert into governance_axis_value select axis, 'x', 'x', 'deniz', now() from governance_axis limit 1`,
      'rolling back tier 20_responsibility_axis would remove rows that others wrote: public.governance_axis_value: 1 rows',
    ],
    [
      'that a tier would delete',
      `insert into governance_object_ownership
       select object, scope, 'deniz', 'one-roof', now() from governance_object_ownership limit 2`,
      'rolling back tier 30_ownership_seed would remove rows that others wrote: public.governance_object_ownership: 2 rows',
    ],
  ])('ends before it takes rows of others %s, unless it is forced', async (_, written, said) => {
    const shop = await openStandIn();
    await shop.runAll();
    await shop.query(written);
    const stopped = await shop.rollBackAll();
    expect(stopped).toMatchObject({ code: 3, said: containing(said) });
    expect(await shop.inEffect()).toBeGreaterThan(0);
    expect(await shop.rollBackAll('force=1')).toMatchObject({ code: 0 });
    expect(await shop.inEffect()).toBe(0);
  });

  it('counts a tier whose effects nobody recorded as nobody’s', async () => {
    const shop = await openStandIn();
    await shop.runAll();
    await shop.query('set session_replication_role = replica; update one_roof.ledger set effects = null');
    expect(await shop.rollBackAll()).toMatchObject({
      code: 3,
      said: containing('rolling back tier 60_scanner_baseline would remove rows'),
    });
  });

  it.each([
    ['truncate kept', 'public.kept: rewritten or truncated'],
    ['drop table kept', 'public.kept: all rows, it is dropped'],
    [`do $$ begin execute 'drop table kept'; end $$`, 'public.kept: all rows, it is dropped'],
  ])('sees what no counter counts: %s', async (sql, said) => {
    const shop = await openStandIn();
    await shop.query('create table kept (id int); insert into kept values (1)');
    await shop.runAll();
    const rollback = `begin; update one_roof.release set state = 'closed' where state = 'open';
      select one_roof.break_glass_begin('one-roof-governance', '1', repeat('d', 64), 'full', 'bruno');
      select one_roof.break_glass_tier_begin(2, '40_containment', 'rollback', 'x'); ${sql};
      select one_roof.break_glass_spare_others(2, '40_containment', false)`;
    await expect(shop.query(rollback)).rejects.toThrow(said);
  });
});
