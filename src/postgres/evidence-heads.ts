import type { LedgerEnd } from '../core/rules/ledger-faults';
import type { Session } from './session';

const ENDS = 'select id, digest, scope, state, outcome, evidence from one_roof.release where id = any($1)';

/** How the ledger says that releases have ended, and the heads of their evidence; those that it does not know are left out. */
export async function readLedgerEnds(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LedgerEnd>> {
  const { rows } = await session.query(ENDS, [ids]);
  return new Map(
    rows.map((row) => [
      String(row['id']),
      {
        digest: String(row['digest']),
        scope: String(row['scope']),
        state: String(row['state']),
        outcome: textOrNull(row['outcome']),
        evidence: textOrNull(row['evidence']),
      },
    ]),
  );
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
