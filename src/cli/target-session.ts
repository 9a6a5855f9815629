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
  readonly role: 'reader' | 'restorer' | { readonly named: string };
  readonly purpose: string;
  readonly readOnly?: true;
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
  const endpoint = await resolveEndpoint(target.connection, user, known.environment);
  const settings: SessionSettings = {
    application: `one-roof ${access.purpose}`,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    statementTimeoutMs: access.readOnly === true ? READ_LIMIT_MS : WRITE_LIMIT_MS,
    ...(access.readOnly === true ? { readOnly: true } : {}),
  };
  return await withSession(endpoint, settings, work);
}
