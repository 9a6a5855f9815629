import { ReleaseError } from '../core/rules/release-error';
import { onHost } from '../postgres/clone/host';
import type { Session } from '../postgres/session';
import type { CommandContext } from './command';
import { withTarget } from './target-session';
import { readTargets, verifyKinds } from './targets-file';
import type { KnownTargets } from './targets-file';

/** The option with which commands are told the clone host. */
export const ON = ['--on <target>', 'the clone host; may be left out where there is one'] as const;

/** The maintenance database of a clone host, as its restorer. */
export async function withHost<T>(
  context: CommandContext,
  wanted: string | undefined,
  work: (session: Session, host: string) => Promise<T>,
): Promise<T> {
  const { known, target } = choose(context, wanted);
  const access = { target, role: 'restorer', purpose: 'clones' } as const;
  return await onHost(target, () => withTarget(known, access, (session) => work(session, target)));
}

/** The clone host that is meant. @throws USAGE where there are several and none is named */
export function hostNamed(context: CommandContext, wanted: string | undefined): string {
  return choose(context, wanted).target;
}

function choose(context: CommandContext, wanted: string | undefined) {
  const known = readTargets(context);
  const target = wanted ?? onlyHost(known);
  verifyKinds(known, [{ by: '--on', name: target, kind: 'clone-host' }]);
  return { known, target };
}

function onlyHost({ targets, file }: KnownTargets): string {
  const hosts = Object.keys(targets).filter((name) => targets[name]?.kind === 'clone-host');
  const [host, second] = hosts;
  if (host !== undefined && second === undefined) return host;
  throw new ReleaseError('USAGE', `${file} has ${hosts.length} clone hosts: ${hosts.join(', ') || 'none'}`, {
    hint: 'Say which one with `--on`.',
  });
}
