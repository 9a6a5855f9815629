import { resolve } from 'node:path';
import type { Outcome } from '../client/outcome';
import { ReleaseError } from '../core/rules/release-error';
import { wordsOf } from '../embedded/system-error';
import { evidenceFolder } from '../evidence/evidence-folder';
import type { EvidenceStore } from '../evidence/evidence-folder';
import type { CommandContext } from './command';
import { chooseStore } from './store-choice';

/**
 * How a workflow ended, from the evidence in the store: for what Temporal has forgotten. It is found by the whole id alone;
 * there is none where no store is known here.
 * @throws CONFIG_INVALID where its signature cannot be verified
 */
export async function keptOutcome(context: CommandContext, id: string): Promise<Outcome | undefined> {
  const store = knownStore(context);
  if (store === undefined) return undefined;
  const kept = await evidenceIn(context, store)
    .ofWorkflow(id)
    .catch((error: unknown) => {
      throw error instanceof ReleaseError ? error : unverified(id, error);
    });
  return kept.at(-1)?.outcome;
}

/** The evidence of a store, with the workers' key where the environment names it. */
export function evidenceIn({ environment, folder }: CommandContext, store: string): EvidenceStore {
  const named = environment['ONE_ROOF_SIGNING_KEY'];
  return evidenceFolder(store, named === undefined ? undefined : resolve(folder, named));
}

/** The folder of the store, where this machine knows one. */
export function knownStore(context: CommandContext): string | undefined {
  try {
    return chooseStore(context, 'embedded');
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'CONFIG_MISSING') return undefined;
    throw error;
  }
}

/** Mostly the key: the workers' own file is needed, and this is another machine or another user. */
function unverified(id: string, cause: unknown): ReleaseError {
  return new ReleaseError('CONFIG_INVALID', `the evidence of ${id} cannot be verified: ${wordsOf(cause)}`, {
    hint: "Let ONE_ROOF_SIGNING_KEY name the workers' key file; when it is not set, that is signing-key.pem in the store.",
    cause,
  });
}
