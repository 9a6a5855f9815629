import type { ClientBase } from 'pg';
import { ReleaseError } from '../core/rules/release-error';
import { onHost } from '../postgres/clone/host';
import { listMade } from '../postgres/clone/registry';
import { readOnly } from '../postgres/read-only';
import { verifyRegistration } from '../postgres/registration';
import type { CommandContext } from './command';
import { withTarget } from './target-session';
import type { TargetAccess } from './target-session';
import { readTargets, targetOf } from './targets-file';
import type { KnownTargets } from './targets-file';

/** A database that can be read now: a target, or a clone that One-Roof made. */
export interface LiveDatabase {
  readonly name: string;
  readonly known: KnownTargets;
  readonly access: TargetAccess;
  /** The registration that a target must have, where targets.yaml gives one. */
  readonly nonce: string | undefined;
}

/** A target by its name, else a clone of ours on a clone host. @throws TARGET_UNKNOWN, CLONE_NOT_OURS */
export async function findLive(
  context: CommandContext,
  name: string,
  on: string | undefined,
): Promise<LiveDatabase> {
  const known = readTargets(context);
  const until = context.interruption();
  const target = Object.hasOwn(known.targets, name) ? known.targets[name] : undefined;
  if (target?.kind === 'database' && on === undefined) {
    const access = { target: name, role: 'cloner', purpose: 'fingerprint', readOnly: true, until } as const;
    return { name, known, access, nonce: target.registration };
  }
  const host = await hostOf(known, name, on);
  const access = {
    target: host,
    clone: name,
    role: 'restorer',
    purpose: 'fingerprint',
    readOnly: true,
    until,
  } as const;
  return { name, known, access, nonce: undefined };
}

/** The clone host whose registry says that One-Roof made a database of that name there. */
async function hostOf(known: KnownTargets, name: string, on: string | undefined): Promise<string> {
  const hosts =
    on === undefined
      ? Object.keys(known.targets).filter((each) => known.targets[each]?.kind === 'clone-host')
      : [on];
  for (const host of hosts) {
    const access = { target: host, role: 'restorer', purpose: 'clones' } as const;
    const made = await onHost(host, () => withTarget(known, access, (session) => listMade(session)));
    if (made.some((each) => each.name === name)) return host;
  }
  if (hosts.length === 0 || on === undefined) targetOf(known, name); // names what was probably meant
  throw new ReleaseError('CLONE_NOT_OURS', `One-Roof made no database ${name} on ${hosts.join(', ')}`);
}

/** One moment of it, read-only, by the role that may read all of it. @throws READ_WROTE, WRONG_REGISTRATION */
export async function readLive<T>(
  { name, known, access, nonce }: LiveDatabase,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const { value, mutations } = await withTarget(known, access, (session) =>
    readOnly(
      session,
      async () => {
        if (nonce !== undefined) await verifyRegistration(session, { kind: 'production', nonce });
        return work(session.client);
      },
      'one',
    ),
  );
  if (mutations > 0) throw new ReleaseError('READ_WROTE', `reading ${name} assigned a transaction id`);
  return value;
}
