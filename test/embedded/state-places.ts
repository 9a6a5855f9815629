import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readToolchain } from '../../src/embedded/toolchain';
import { openState } from '../../src/embedded/state';
import type { StateDirectory } from '../../src/embedded/state';
import { CHECKOUT } from '../support/temporal';

/** A checkout of its own for a test, which the server's user can enter. */
export function temporaryCheckout(): { checkout: string; state: StateDirectory; remove: () => void } {
  const checkout = mkdtempSync(join(tmpdir(), 'or-'));
  chmodSync(checkout, 0o755);
  const state = openState({ checkout, environment: process.env });
  return { checkout, state, remove: () => rmSync(checkout, { recursive: true, force: true }) };
}

/** What `up` needs apart from the wishes of a test. */
export function bareOptions(state: StateDirectory): {
  checkout: string;
  state: StateDirectory;
  toolchain: ReturnType<typeof readToolchain>;
  environment: NodeJS.ProcessEnv;
  worker: 'rests';
  onStep: () => undefined;
} {
  return {
    checkout: CHECKOUT,
    state,
    toolchain: readToolchain(CHECKOUT),
    environment: process.env,
    worker: 'rests',
    onStep: () => undefined,
  };
}
