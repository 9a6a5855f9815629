import type { Outcome } from '../schema/evidence';
import type { ChainFault } from './chain-order';

/** The row of a release in its target's ledger. */
export interface LedgerEnd {
  readonly digest: string;
  readonly scope: string;
  readonly state: string;
  readonly outcome: string | null;
  /** The head of its evidence. */
  readonly evidence: string | null;
}

/** In whose name the ledger has it: a release that took over a terminated one goes on in that one's row. */
export function ledgerId(outcome: Outcome | null, id: string): string {
  return outcome?.kind === 'release' ? (outcome.recovers ?? id) : id;
}

/** Does evidence say of a release what the target's ledger says of it? */
export function ledgerFaults(outcome: Outcome, row: LedgerEnd): readonly ChainFault[] {
  if (outcome.kind !== 'release') return [];
  const said = { digest: outcome.package.digest, scope: outcome.scope, outcome: outcome.outcome };
  return (['digest', 'scope', 'outcome'] as const)
    .filter((field) => row[field] !== said[field])
    .map((field) => ({
      link: null,
      fault: 'ledger',
      says: `the evidence says ${field} ${said[field]}, and the ledger of ${outcome.target} ${row[field] ?? 'none'}`,
    }));
}
