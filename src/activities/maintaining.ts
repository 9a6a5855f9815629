import { onHost } from '../postgres/clone/host';
import { withSession } from '../postgres/session';
import type { Watch } from './boundary';
import { endpointFor } from './world';
import type { World } from './world';

/** Two lanes: dump and restore shall leave the servers room for their own work. */
export const JOBS = 2;
/** The same programs' sessions and our own, without a limit: what they wait for is the size of the data. */
export const UNLIMITED = { lockTimeoutMs: 15_000, statementTimeoutMs: 0 } as const;

/** The clone host's maintenance database, as the restorer. */
export async function maintaining<T>(
  world: World,
  who: { host: string; watch: Watch },
  work: Parameters<typeof withSession<T>>[2],
): Promise<T> {
  const settings = { ...UNLIMITED, application: 'one-roof clones', signal: who.watch.signal };
  const endpoint = await endpointFor(world, { target: who.host }, 'restorer');
  return onHost(who.host, () => withSession(endpoint, settings, work));
}
