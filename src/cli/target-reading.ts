import { ReleaseError } from '../core/rules/release-error';
import { readOnly } from '../postgres/read-only';
import { unregistered, verifyRegistration } from '../postgres/registration';
import type { Session } from '../postgres/session';
import type { CommandContext } from './command';
import { withTarget } from './target-session';
import { readTargets, targetOf, verifyKinds } from './targets-file';

/** Which target, and what wants to read it: `a recovery`. */
export interface TargetToRead {
  readonly target: string;
  readonly by: string;
}

/**
 * Reads a registered target as its reader, in one read-only transaction of one moment.
 * @throws NOT_PREPARED, WRONG_REGISTRATION, READ_WROTE, and whatever keeps this machine from reaching it
 */
export async function readTarget<T>(
  context: CommandContext,
  { target, by }: TargetToRead,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const known = readTargets(context);
  verifyKinds(known, [{ by, name: target, kind: 'database' }]);
  const nonce = targetOf(known, target).registration;
  if (nonce === undefined) throw unregistered(target);
  const access = { target, role: 'reader', purpose: 'ledger', readOnly: true } as const;
  const { value, mutations } = await withTarget(known, access, (session) =>
    readOnly(
      session,
      async () => {
        await verifyRegistration(session, { kind: 'production', nonce });
        return await work(session);
      },
      'one',
    ),
  );
  if (mutations > 0) throw new ReleaseError('READ_WROTE', `reading ${target} assigned a transaction id`);
  return value;
}

const OUT_OF_REACH: readonly string[] = [
  'CONFIG_MISSING',
  'CONFIG_INVALID',
  'TARGET_UNKNOWN',
  'CONNECT_FAILED',
  'AUTH_FAILED',
  'SESSION_LOST',
  'LOCK_TIMEOUT',
  'PRIVILEGE_MISSING',
  'STATEMENT_FAILED',
];

/** Why a target cannot be read from this machine, where that is all: a worker may reach it all the same. */
export function whyOutOfReach(error: unknown): string | undefined {
  if (!(error instanceof ReleaseError) || !OUT_OF_REACH.includes(error.code)) return undefined;
  return `${error.code}: ${error.message.split('\n')[0] ?? ''}`;
}
