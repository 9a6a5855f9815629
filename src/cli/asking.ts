import { userInfo } from 'node:os';
import { ReleaseError } from '../core/rules/release-error';
import type { Asker } from '../asking/ask';
import { callRecords } from '../asking/call-records';
import type { Caller } from '../asking/recorded-call';
import type { CommandContext } from './command';
import { chooseStore } from './store-choice';
import { targetOf, verifyKinds } from './targets-file';
import type { KnownTargets } from './targets-file';

/** Whoever asks from this machine, and the folder where that is recorded. @throws CONFIG_MISSING where no store is known */
export function askerOf(
  context: CommandContext,
  known: KnownTargets,
  caller: Omit<Caller, 'who'>,
): Omit<Asker, 'signal'> {
  return {
    caller: { who: userOfSystem(), ...caller },
    targetOf: (name) => targetOf(known, name),
    environment: known.environment,
    records: callRecords(storeOf(context, known)),
  };
}

/** The databases among the targets. */
export function databasesOf({ targets }: KnownTargets): readonly string[] {
  return Object.keys(targets).filter((name) => targets[name]?.kind === 'database');
}

/** The database that is meant: the one that is named, or the only one. @throws USAGE, TARGET_UNKNOWN, CONFIG_INVALID */
export function databaseMeant(known: KnownTargets, name: string | undefined): string {
  if (name !== undefined) {
    verifyKinds(known, [{ by: '--target', name, kind: 'database' }]);
    return name;
  }
  const databases = databasesOf(known);
  const [only] = databases;
  if (only !== undefined && databases.length === 1) return only;
  throw new ReleaseError('USAGE', '--target must be given', {
    hint:
      only === undefined ? `${known.file} names no database.` : `The databases are ${databases.join(', ')}.`,
  });
}

function storeOf(context: CommandContext, { origin }: KnownTargets): string {
  try {
    return chooseStore(context, origin);
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'CONFIG_MISSING') throw error;
    throw new ReleaseError('CONFIG_MISSING', 'ONE_ROOF_STORE is not set: a call could not be recorded', {
      hint: 'Set ONE_ROOF_STORE to the folder of the store; each call is recorded in its folder `reads`.',
      cause: error,
    });
  }
}

function userOfSystem(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`; // a user without an entry, as in a container
  }
}
