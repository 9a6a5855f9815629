import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { ledgerFaults, ledgerId } from '../core/rules/ledger-faults';
import { wordsOf } from '../embedded/system-error';
import type { Chain } from '../evidence/chain-file';
import type { Found } from '../evidence/examination';
import { keyringOf, together } from '../evidence/keyring';
import type { Keyring } from '../evidence/keyring';
import type { KnownHead } from '../evidence/verification';
import { readLedgerEnds } from '../postgres/evidence-heads';
import type { CommandContext } from './command';
import type { FoundEvidence } from './evidence-place';
import { readTarget } from './target-reading';

/** Keys, and whether whoever verifies has given them. */
export interface Keys {
  readonly keyring: Keyring;
  readonly arePinned: boolean;
}

/** $ONE_ROOF_EVIDENCE_KEYS is the keyring of a machine that verifies often. */
const KEYS = 'ONE_ROOF_EVIDENCE_KEYS';

/** The keys that are pinned: of the files that were named, else of the keyring. Without, those beside the evidence, which prove nothing. */
export async function keysFor(
  context: CommandContext,
  named: readonly string[],
  files: readonly FoundEvidence[],
): Promise<Keys> {
  const keyring = context.environment[KEYS];
  const pinned = named.length === 0 && keyring !== undefined ? [keyring] : named;
  if (pinned.length > 0) {
    const read = await Promise.all(pinned.map((file) => readKeys(resolve(context.folder, file))));
    return { keyring: together(read), arePinned: true };
  }
  const folders = new Set(files.map(({ path }) => dirname(path)));
  const beside = [...folders].flatMap((folder) => [folder, join(folder, '..')]);
  const found = await Promise.all(
    beside.map((folder) => readKeys(join(folder, 'signing-key.pub.pem')).catch((): Keyring => new Map())), // none is there: then none is trusted
  );
  return { keyring: together(found), arePinned: false };
}

async function readKeys(file: string): Promise<Keyring> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ReleaseError('USAGE', `the key ${file} cannot be read: ${wordsOf(cause)}`, { cause });
  });
  return keyringOf(pem, file);
}

/** What a target's ledger says: the heads of the releases to it, and where it contradicts them. */
export interface LedgerSays {
  readonly heads: readonly KnownHead[];
  readonly found: (chain: Chain) => Found;
}

/** As the target's reader, in one read-only transaction. Only of releases whose evidence is at hand. */
export async function askLedger(
  context: CommandContext,
  target: string,
  chains: readonly Chain[],
): Promise<LedgerSays> {
  const concerned = chains.filter(({ outcome }) => outcome === null || concerns(outcome, target));
  const ids = concerned.map(({ outcome, id }) => ledgerId(outcome, id));
  const ends = await readTarget(context, { target, by: 'evidence' }, (session) =>
    readLedgerEnds(session, ids),
  );
  const endOf = ({ outcome, id }: Chain) => ends.get(ledgerId(outcome, id));
  return {
    heads: concerned.flatMap((chain) => {
      const digest = endOf(chain)?.evidence ?? null;
      return digest === null ? [] : [{ digest, of: chain.id }];
    }),
    found: (chain) => {
      if (!concerned.includes(chain)) return { faults: [], notes: [] };
      const end = endOf(chain);
      if (end?.evidence === undefined || end.evidence === null)
        return {
          faults: [],
          notes: [`the ledger of ${target} has no head for it: it never held the database, or has not ended`],
        };
      return { faults: chain.outcome === null ? [] : ledgerFaults(chain.outcome, end), notes: [] };
    },
  };
}

function concerns(outcome: NonNullable<Chain['outcome']>, target: string): boolean {
  return outcome.kind === 'release' && outcome.target === target;
}
