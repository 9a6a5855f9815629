import { pause } from '../../../src/embedded/wait';
import { SESSION_LOCK_KEY } from '../../../src/postgres/one-roof-schema';
import { SHOP } from '../shop/databases';
import type { Blow } from './strike';

/** Two and a half lock timeouts of the package's tiers. */
const HOLD_MS = 1_300;

/** Somebody reads a table in a long transaction; each attempt gives up after its small window, and comes again. */
export async function lockOfTable({ trial: { world }, hit: { held }, luck }: Blow): Promise<void> {
  const table = /32_|34_/.test(held?.application ?? '')
    ? 'shop_stock'
    : luck.pick(['shop_item', 'shop_gate']);
  const stranger = await world.connect(SHOP, 'a stranger');
  try {
    await stranger.query(`begin; set lock_timeout = '3s'; lock table ${table} in access exclusive mode`);
  } catch {
    // the attempt that stands still holds the table already: the stranger comes too late
  }
  held?.letGo();
  await pause(HOLD_MS);
  await stranger.query('rollback').catch(() => undefined);
  await stranger.end().catch(() => undefined);
}

/** A person works by hand, as the break-glass files do: while they hold the session lock, no attempt of ours may begin. */
export async function lockOfSession({ trial, hit: { held } }: Blow): Promise<void> {
  const stranger = await trial.world.connect(SHOP, 'a person by hand');
  const [taken] = (
    await stranger.query<{ taken: boolean; now: string }>(
      'select pg_try_advisory_lock($1::bigint) as taken, clock_timestamp()::text as now',
      [SESSION_LOCK_KEY],
    )
  ).rows;
  held?.letGo();
  await pause(HOLD_MS);
  const [end] = (await stranger.query<{ now: string }>('select clock_timestamp()::text as now')).rows;
  if (taken?.taken === true && end !== undefined) trial.strangerHeld.push({ from: taken.now, to: end.now });
  await stranger.end();
}
