import { ReleaseError } from '../core/rules/release-error';
import type { CheckRow } from '../core/schema/check';
import type { SqlStatement } from '../core/schema/statement';
import { readRows } from './package-read';
import type { Session } from './session';

/** Runs the statements of a check file; each yields rows of (check, ok, detail). A null `ok` does not hold. */
export async function runChecks(
  session: Session,
  statements: readonly SqlStatement[],
): Promise<readonly CheckRow[]> {
  const rows: CheckRow[] = [];
  for (const statement of statements) {
    for (const row of await readRows(session, statement)) rows.push(asCheck(row));
  }
  return rows;
}

function asCheck(row: Readonly<Record<string, unknown>>): CheckRow {
  if (typeof row['check'] !== 'string' || !('ok' in row)) {
    throw new ReleaseError(
      'DESCRIPTOR_INVALID',
      `a check file yields rows of (check, ok, detail), not of (${Object.keys(row).join(', ')})`,
    );
  }
  const detail = row['detail'];
  return {
    check: row['check'],
    ok: row['ok'] === true,
    detail: typeof detail === 'string' ? detail : detail === null ? '' : JSON.stringify(detail),
  };
}
