import { ReleaseError } from '../core/rules/release-error';
import type { Session } from './session';

/** What a read yielded, and whether it was one: 1 where the transaction had an id at its end. Invariant 2. */
export interface ReadResult<T> {
  readonly value: T;
  readonly mutations: number;
}

/** Which moment of the database a read sees: each statement its own, all statements one, or that of an exported snapshot. */
type Moment = 'each' | 'one' | { readonly snapshot: string };

/**
 * Runs work in a read-only transaction that is always rolled back, and asks at both ends whether a transaction id was
 * assigned: null is one of the proofs that nothing was written.
 */
export async function readOnly<T>(
  session: Session,
  work: () => Promise<T>,
  moment: Moment = 'each',
): Promise<ReadResult<T>> {
  await session.query(
    `begin isolation level ${moment === 'each' ? 'read committed' : 'repeatable read'}, read only`,
  );
  try {
    if (typeof moment === 'object')
      await session.query(`set transaction snapshot '${verifySnapshot(moment.snapshot)}'`);
    const before = await transactionId(session);
    const value = await work();
    const after = await transactionId(session);
    return { value, mutations: before === null && after === null ? 0 : 1 };
  } finally {
    await session.query('rollback').catch(() => undefined); // a lost session has rolled back by itself
  }
}

async function transactionId(session: Session): Promise<unknown> {
  return (await session.query('select pg_catalog.pg_current_xact_id_if_assigned()::text as xid')).rows[0]?.[
    'xid'
  ];
}

/** `set transaction snapshot` takes no parameter: only PostgreSQL's own form of a snapshot's name goes into its text. */
function verifySnapshot(snapshot: string): string {
  if (!/^[0-9A-F]+-[0-9A-F]+-[0-9A-F]+$/i.test(snapshot))
    throw new ReleaseError('INTERNAL', `no snapshot name: ${snapshot}`);
  return snapshot;
}
