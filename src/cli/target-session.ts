import { ReleaseError } from '../core/rules/release-error';
import { resolveEndpoint } from '../postgres/endpoint';
import { withSession } from '../postgres/session';
import type { Session, SessionSettings } from '../postgres/session';
import { targetOf } from './targets-file';
import type { KnownTargets } from './targets-file';

/** Which target, in which role, and for what. */
export interface TargetAccess {
  readonly target: string;
  /** A name of its `roles`, or a role of the server. */
  readonly role: 'reader' | 'cloner' | 'restorer' | { readonly named: string };
  readonly purpose: string;
  readonly readOnly?: true;
  /** A clone on that host. */
  readonly clone?: string;
  /** For what takes as long as the data is large: no limit to a statement, and a person may stop it. */
  readonly until?: AbortSignal;
}

const LOCK_TIMEOUT_MS = 1_000;
const READ_LIMIT_MS = 5_000;
const WRITE_LIMIT_MS = 60_000;

/** A session in a target, straight from the command line: for what needs no release. */
export async function withTarget<T>(
  known: KnownTargets,
  access: TargetAccess,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const target = targetOf(known, access.target);
  const { role } = access;
  const user = typeof role === 'object' ? role.named : target.roles[role];
  if (user === undefined) {
    throw new ReleaseError(
      'CONFIG_INVALID',
      `target ${access.target} names no restorer: it is no clone host`,
    );
  }
  const resolved = await resolveEndpoint(target.connection, user, known.environment);
  const endpoint = access.clone === undefined ? resolved : { ...resolved, database: access.clone };
  const settings: SessionSettings = {
    application: `one-roof ${access.purpose}`,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    statementTimeoutMs: limitOf(access),
    opened: target.readChannel,
    ...(access.readOnly === true ? { readOnly: true } : {}),
    ...(access.until === undefined ? {} : { signal: access.until }),
  };
  return await withSession(endpoint, settings, work);
}

function limitOf({ readOnly, until }: TargetAccess): number {
  if (until !== undefined) return 0;
  return readOnly === true ? READ_LIMIT_MS : WRITE_LIMIT_MS;
}
