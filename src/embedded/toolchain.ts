import { join } from 'node:path';
import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import { readJsonIfThere } from './whole-file';

/** What `tools/setup.mjs` has found, as it writes it to `.one-roof/toolchain.json`. */
export const Toolchain = z.object({
  temporal: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('address'), address: z.string() }),
    z.object({ kind: z.literal('cli'), path: z.string(), version: z.string() }),
  ]),
  postgres: z.object({ bin: z.string(), version: z.string() }),
});
export type Toolchain = Readonly<z.infer<typeof Toolchain>>;

/** @throws SETUP_INCOMPLETE where set-up has not run in this checkout. */
export function readToolchain(checkout: string): Toolchain {
  const file = join(checkout, '.one-roof', 'toolchain.json');
  const found = readJsonIfThere(file, Toolchain);
  if (found === undefined) throw new ReleaseError('SETUP_INCOMPLETE', `${file} is missing or damaged`);
  return found;
}
