import { RehearsalOutcome, ReleaseOutcome } from '../../../src/core/schema/outcome';
import type { PackageRef } from '../../../src/core/schema/plan';
import { pause } from '../../../src/embedded/wait';
import { SHOP, freshShop, keepShop, makeTemplates, pgDump } from '../shop/databases';
import { storeShop } from '../shop/shop-package';
import {
  signal,
  approversMissing,
  isAtGate,
  resultOf,
  start,
  standingOf,
  statusOf,
  REQUESTER,
} from './people';
import type { Started } from './people';
import type { World } from '../world/world';

type Dump = readonly string[];

/** What all runs of a world share: the packages, their rehearsals, and what an undisturbed release leaves. */
export interface Stocked {
  readonly one: PackageRef;
  readonly two: PackageRef;
  readonly released: Dump;
}

export const RELEASE_ORDER = { target: SHOP, requester: REQUESTER } as const;
export const REHEARSAL_ORDER = { source: SHOP, cloneHost: 'clone-host' } as const;

/** Rehearses and releases both versions undisturbed. @throws where that does not work: then nothing is worth disturbing */
export async function stock(world: World): Promise<Stocked> {
  await makeTemplates(world);
  const one = await storeShop(world, '1');
  const two = await storeShop(world, '2');
  await freshShop(world, 'open');
  await rehearse(world, one);
  await rehearse(world, two);
  await release(world, one);
  await keepShop(world);
  await freshShop(world, 'open');
  await release(world, two);
  return { one, two, released: await pgDump(world) };
}

async function rehearse(world: World, pkg: PackageRef): Promise<void> {
  const started = await start(world, 'rehearsal', { package: pkg, order: REHEARSAL_ORDER });
  const outcome = RehearsalOutcome.parse(await resultOf(world, started));
  if (outcome.outcome !== 'rehearsed')
    throw new Error(`undisturbed, and yet ${JSON.stringify(outcome.error)}`);
}

async function release(world: World, pkg: PackageRef): Promise<void> {
  const started = await start(world, 'release', { package: pkg, order: RELEASE_ORDER });
  await approveAll(world, started);
  const outcome = ReleaseOutcome.parse(await resultOf(world, started));
  if (outcome.outcome !== 'released')
    throw new Error(`undisturbed, and yet ${JSON.stringify(outcome.error)}`);
}

async function approveAll(world: World, started: Started): Promise<void> {
  while ((await standingOf(world, started)) === 'RUNNING') {
    const status = await statusOf(world, started);
    if (status !== undefined && isAtGate(status)) {
      for (const { gate, as } of approversMissing(status))
        await signal(world, started, {
          act: 'approve',
          payload: { gate, as, digest: started.package.digest },
        });
    }
    await pause(100);
  }
}
