import { dropMade, doomedName } from '../../src/postgres/clone/drop';
import { readMarker } from '../../src/postgres/clone/marker';
import { listMade } from '../../src/postgres/clone/registry';
import type { MadeDatabase } from '../../src/postgres/clone/registry';
import { findGolden } from '../../src/postgres/golden/registry';
import { swapGolden } from '../../src/postgres/golden/swap';
import type { Session } from '../../src/postgres/session';
import { execute } from '../fingerprint/subject';
import { cutOff } from '../postgres/batch/backfill';
import { urlOf, withClient } from '../support/database';
import { atHost, databasesLike, exists, make, makeGolden, saidBy, unmade } from './made';

jest.setTimeout(600_000);

/** The statements of a reset as the activities run them, each activity again until it comes through. */
interface Reset {
  readonly old: MadeDatabase;
  readonly fresh: MadeDatabase;
}

describe('a reset', () => {
  it.each(['before', 'behind'] as const)(
    'whose connection is cut %s any of its statements leaves a whole golden, and comes to its end',
    async (when) => {
      let cuts = 0;
      for (let at = 1; ; at += 1) {
        const old = await makeGolden('spoiled');
        const reset = { old, fresh: { ...unmade('fresh'), owner: `golden-tests-${old.name}` } };
        const killer = new Killer(at, when, () => verifyWhole(reset));
        await runReset(reset, killer);
        await verifyEnd(reset);
        if (!killer.hasStruck) break;
        cuts += 1;
      }
      expect(cuts).toBeGreaterThan(25);
    },
  );

  it('is refused while somebody is in the golden, who is named; by force they are ended', async () => {
    const old = await makeGolden('spoiled');
    const fresh = await atHost((session) => make(session, unmade('fresh'), 'restored'));
    await withClient(`${urlOf(old.name)}?application_name=onlooker`, async (client) => {
      client.on('error', () => undefined);
      const swap = { name: old.name, old, fresh } as const;
      const refused = atHost((session) => swapGolden(session, { ...swap, force: false }));
      await expect(refused).rejects.toMatchObject({ code: 'GOLDEN_IN_USE' });
      await expect(refused).rejects.toThrow('postgres (onlooker)');
      expect(await saidBy(fresh.name)).toBe('restored');
      await atHost((session) => swapGolden(session, { ...swap, force: true }));
      await expect(client.query('select 1')).rejects.toThrow();
    });
    expect(await saidBy(old.name)).toBe('restored');
  });

  it('leaves alone a database of another hand that bears the golden’s name, and who is in it', async () => {
    const old = await makeGolden('spoiled');
    const fresh = await atHost((session) => make(session, unmade('fresh'), 'restored'));
    await execute('postgres', [`drop database ${old.name}`, `create database ${old.name}`]);
    await withClient(urlOf(old.name), async (client) => {
      const swap = { name: old.name, old, fresh, force: true };
      await expect(atHost((session) => swapGolden(session, swap))).rejects.toMatchObject({
        code: 'GOLDEN_IN_USE',
      });
      await expect(client.query('select 1')).resolves.toBeDefined();
    });
    const swap = { name: old.name, old, fresh, force: true };
    await expect(atHost((session) => swapGolden(session, swap))).rejects.toMatchObject({
      code: 'CLONE_NOT_OURS',
    });
    expect(await exists(fresh.name)).toBe(true);
  });

  it('brings back a golden whose database is gone', async () => {
    const old = await makeGolden('spoiled');
    await execute('postgres', `drop database ${old.name}`);
    const reset = { old, fresh: unmade('fresh') };
    await runReset(reset, new Killer(0, 'before', () => Promise.resolve()));
    await verifyEnd(reset);
  });
});

async function runReset({ old, fresh }: Reset, killer: Killer): Promise<void> {
  await killer.insist((session) => make(session, fresh, 'restored'));
  await killer.insist((session) => swapGolden(session, { name: old.name, old, fresh, force: false }));
  await killer.insist((session) => dropMade(session, { ...old, name: doomedName(old.nonce) }));
}

/** At every moment one database bears the golden's name, it is the registry's, and it is whole. */
async function verifyWhole({ old, fresh }: Reset): Promise<void> {
  const { golden, marker } = await atHost(async (session) => ({
    golden: await findGolden(session, old.name),
    marker: await readMarker(session, old.name),
  }));
  expect(marker?.ours?.nonce).toBe(golden?.nonce);
  expect(await saidBy(old.name)).toBe(golden?.nonce === fresh.nonce ? 'restored' : 'spoiled');
}

/** The new one is the golden, and nothing else is left. */
async function verifyEnd({ old, fresh }: Reset): Promise<void> {
  expect(await saidBy(old.name)).toBe('restored');
  for (const { nonce } of [old, fresh]) expect(await databasesLike(`one_roof_%${nonce}`)).toEqual([]);
  expect(await exists(fresh.name)).toBe(false);
  const made = await atHost((session) => listMade(session));
  const ours = made.filter(({ nonce }) => [old.nonce, fresh.nonce].includes(nonce));
  expect(ours.map(({ nonce, name }) => ({ nonce, name }))).toEqual([{ nonce: fresh.nonce, name: old.name }]);
}

/** Cuts one connection, before or behind its n-th statement of all. */
class Killer {
  private seen = 0;
  hasStruck = false;
  constructor(
    private readonly at: number,
    private readonly when: 'before' | 'behind',
    private readonly onStrike: () => Promise<void>,
  ) {}

  /** The work of an activity, again on a new connection where it was cut. */
  async insist(work: (session: Session) => Promise<unknown>): Promise<void> {
    for (;;) {
      const struckBefore = this.hasStruck;
      try {
        await atHost((session) => work(this.mortal(session)));
        return;
      } catch (error) {
        if (this.hasStruck === struckBefore) throw error;
        await this.onStrike();
      }
    }
  }

  private mortal(session: Session): Session {
    const query: Session['query'] = async (sql, values) => {
      this.seen += 1;
      const strikes = this.seen === this.at;
      if (strikes && this.when === 'before') this.strike(session);
      const answer = await session.query(sql, values);
      if (!strikes) return answer;
      this.strike(session);
      throw new Error('the answer was lost');
    };
    return { ...session, query };
  }

  private strike(session: Session): void {
    this.hasStruck = true;
    cutOff(session);
  }
}
