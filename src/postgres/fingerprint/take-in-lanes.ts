import type { ClientBase } from 'pg';
import type { Fingerprint } from '../../core/schema/fingerprint';
import type { Endpoint } from '../endpoint';
import { readOnly } from '../read-only';
import { withSession } from '../session';
import type { Session, SessionSettings } from '../session';
import { takeFingerprint } from './take';
import type { FingerprintOptions } from './take';

/** How many sessions share the tables, the first included. */
export interface Lanes extends Omit<FingerprintOptions, 'helpers'> {
  readonly lanes: number;
}

/** The fingerprint by several sessions of one role, on one exported snapshot: for a database in which nobody is kept waiting by that. */
export async function takeInLanes(
  endpoint: Endpoint,
  settings: SessionSettings,
  { lanes, ...options }: Lanes,
): Promise<Fingerprint> {
  return withSession(endpoint, settings, async (holder) => {
    const { value } = await readOnly(
      holder,
      async () => {
        const snapshot = await exportSnapshot(holder);
        const join: Join = (work) =>
          withSession(endpoint, settings, async (session) => {
            const read = await readOnly(session, () => work(session), { snapshot });
            return read.value;
          });
        return withHelpers(lanes - 1, join, (helpers) =>
          takeFingerprint(holder.client, { ...options, helpers }),
        );
      },
      'one',
    );
    return value;
  });
}

async function exportSnapshot(holder: Session): Promise<string> {
  const { rows } = await holder.query('select pg_catalog.pg_export_snapshot() as snapshot');
  return String(rows[0]?.['snapshot']);
}

type Join = (work: (session: Session) => Promise<Fingerprint>) => Promise<Fingerprint>;

/** One session within the other, so that all are there before the work begins and none is left when it ends. */
async function withHelpers(
  count: number,
  join: Join,
  work: (helpers: readonly ClientBase[]) => Promise<Fingerprint>,
): Promise<Fingerprint> {
  if (count <= 0) return work([]);
  return join((session) => withHelpers(count - 1, join, (rest) => work([session.client, ...rest])));
}
