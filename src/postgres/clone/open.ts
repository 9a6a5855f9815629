import type { TierInEffect } from '../../core/schema/attempt';
import type { Roles } from '../../core/schema/target';
import { enterTiersInEffect } from '../ledger';
import { quoteIdentifier } from '../one-roof-schema';
import { prepareSql } from '../prepare';
import type { Registration } from '../prepare';
import type { Session } from '../session';
import { cutOutward } from './cut';
import { ownerStatement } from './shape';

export interface CloneOpening {
  readonly registration: Registration;
  readonly roles: Roles;
  readonly tiersInEffect: readonly TierInEffect[];
  /** Its name, where it was closed while it was made: the last thing that is done lets everybody in. */
  readonly closed?: string | undefined;
  /** To whom a closed one belongs from then on. */
  readonly owner?: string | undefined;
}

/** Makes a restored clone ready for tiers: nothing in it acts outward, and it knows itself for a clone. @returns what was cut */
export async function openClone(session: Session, opening: CloneOpening): Promise<readonly string[]> {
  const cut = await cutOutward(session);
  await session.client.query(prepareSql(opening.registration, opening.roles));
  await enterTiersInEffect(session, opening.tiersInEffect);
  if (opening.closed === undefined) return cut;
  if (opening.owner !== undefined) await session.query(ownerStatement(opening.closed, opening.owner));
  await session.query(`alter database ${quoteIdentifier(opening.closed)} connection limit -1`);
  return cut;
}
