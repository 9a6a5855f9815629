import { join } from 'node:path';
import { withLock } from '../../src/embedded/lock';
import { openState } from '../../src/embedded/state';
import type { StateDirectory } from '../../src/embedded/state';
import { startTemporal } from '../../src/embedded/temporal-server';
import type { TemporalAddress } from '../../src/embedded/temporal-server';
import { readToolchain } from '../../src/embedded/toolchain';

/** The checkout under test, whose set-up has found the programs. */
export const CHECKOUT = join(__dirname, '..', '..');

/**
 * One Temporal dev server for all workflow tests, with the search attributes; the first that asks starts it, the global
 * tear-down ends it. Tests keep apart by task queues and workflow ids of their own.
 */
export async function sharedTemporal(): Promise<Pick<TemporalAddress, 'address' | 'namespace'>> {
  const { temporal } = readToolchain(CHECKOUT);
  if (temporal.kind === 'address') return { address: temporal.address, namespace: 'default' };
  const state = sharedState();
  return await withLock(
    join(state.root, 'up.lock'),
    () => undefined,
    () => startTemporal({ state, cli: temporal.path, environment: process.env }),
  );
}

/** The state directory of the shared server, which the global set-up has named. */
export function sharedState(): StateDirectory {
  const checkout = process.env['ONE_ROOF_TEST_STATE'];
  if (checkout === undefined) throw new Error('the global set-up has not named a state directory');
  return openState({ checkout, environment: process.env });
}
