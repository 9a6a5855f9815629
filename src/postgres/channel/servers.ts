import { ReleaseError } from '../../core/rules/release-error';
import type { Endpoint } from '../endpoint';
import { withSession } from '../session';
import type { Session, SessionSettings } from '../session';

/** Where a target may be read: its primary, and the hot standby that it names. */
export interface Servers {
  readonly primary: Endpoint;
  readonly standby?: Endpoint;
}

/** Which one it was; where the standby should have been: why it was not. */
export interface Answered<T> {
  readonly value: T;
  readonly server: 'primary' | 'standby';
  readonly passedOver?: string;
}

/** A standby that takes longer to answer is passed over: a person waits. */
const STANDBY_TIMEOUT_MS = 2_000;

/**
 * Works at the standby where it answers and is one, else at the primary. What fails once the standby has answered is not tried again at
 * the primary: a read that is too much is too much there as well. `settingsNow` gives to each what time is left.
 */
export async function atReader<T>(
  { primary, standby }: Servers,
  settingsNow: () => SessionSettings,
  work: (session: Session) => Promise<T>,
): Promise<Answered<T>> {
  const found =
    standby === undefined ? { passedOver: undefined } : await atStandby(standby, settingsNow(), work);
  if ('value' in found) return { value: found.value, server: 'standby' };
  const value = await withSession(primary, settingsNow(), work);
  const { passedOver } = found;
  return { value, server: 'primary', ...(passedOver === undefined ? {} : { passedOver }) };
}

async function atStandby<T>(
  standby: Endpoint,
  settings: SessionSettings,
  work: (session: Session) => Promise<T>,
): Promise<{ readonly value: T } | { readonly passedOver: string }> {
  const standing = { answered: false };
  try {
    const value = await withSession(
      standby,
      {
        ...settings,
        connectTimeoutMs: Math.min(STANDBY_TIMEOUT_MS, settings.connectTimeoutMs ?? STANDBY_TIMEOUT_MS),
      },
      async (session) => {
        await verifyInRecovery(session);
        standing.answered = true;
        return await work(session);
      },
    );
    return { value };
  } catch (error) {
    if (standing.answered || !(error instanceof ReleaseError) || error.code === 'ABORTED') throw error;
    return { passedOver: error.message };
  }
}

async function verifyInRecovery(session: Session): Promise<void> {
  const { rows } = await session.query('select pg_catalog.pg_is_in_recovery() as standby');
  if (rows[0]?.['standby'] !== true)
    throw new ReleaseError(
      'CONFIG_INVALID',
      'what the target names as its standby is none: it is not in recovery',
    );
}
