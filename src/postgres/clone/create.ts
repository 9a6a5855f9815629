import { ReleaseError } from '../../core/rules/release-error';
import { verifyNoGolden } from '../golden/guard';
import { quoteIdentifier } from '../one-roof-schema';
import type { Session } from '../session';
import { dropMade, makingName } from './drop';
import { markDatabase, readMarker } from './marker';
import { ensureRegistry, recordIntent, recordState } from './registry';
import type { MadeDatabase } from './registry';
import { createOptions, shapeStatements } from './shape';
import type { NewDatabase } from './shape';

/**
 * Makes an empty clone, in this order, so that a kill at any point leaves something that is known: intent in the registry,
 * `create database` under a nonce name, marker in its comment, rename. May run again: what a dead attempt left is dropped.
 */
export async function createMarked(session: Session, made: MadeDatabase, shape: NewDatabase): Promise<void> {
  await ensureRegistry(session);
  await verifyNoGolden(session, made.nonce); // an attempt that wakes late makes no twin of what has become a golden
  await recordIntent(session, made);
  await clearRemains(session, made);
  const making = makingName(made.nonce);
  await session.query(`create database ${quoteIdentifier(making)} ${createOptions(shape)}`);
  const oid = await markDatabase(session, making, made.nonce);
  await session.query(`alter database ${quoteIdentifier(making)} rename to ${quoteIdentifier(made.name)}`);
  await recordState(session, made.nonce, { state: 'made', oid });
  for (const statement of shapeStatements(made.name, shape)) await session.query(statement);
}

async function clearRemains(session: Session, made: MadeDatabase): Promise<void> {
  const taken = await readMarker(session, made.name);
  if (taken !== undefined && taken.ours?.nonce !== made.nonce) {
    throw new ReleaseError(
      'CLONE_NOT_OURS',
      `database ${made.name} exists there and is not this rehearsal's`,
    );
  }
  if (taken !== undefined || (await readMarker(session, makingName(made.nonce))) !== undefined)
    await dropMade(session, made);
}
