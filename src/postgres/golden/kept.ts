import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import type { KeptClone } from '../../core/schema/golden';
import { MaskedColumn } from '../../core/schema/masking';
import type { Session } from '../session';

/**
 * What a clone says of its making: the rehearsal that finalized it and let it go, and what it was cloned from.
 * @throws GOLDEN_NOT_FINALIZED where no rehearsal has come to its end on it
 */
export async function readKept(session: Session, database: string): Promise<Omit<KeptClone, 'evidence'>> {
  const prepared = await session.query(
    `select pg_catalog.to_regclass('one_roof.release') is not null as ledger,
            pg_catalog.to_regclass('one_roof.masked') is not null as masked`,
  );
  const there = prepared.rows[0] ?? {};
  if (there['ledger'] !== true) throw notFinalized(database, 'it has no ledger');
  const found = await session.query(
    `select r.id, r.package, r.version, r.digest, r.scope, r.state, r.outcome, t.name as source
       from one_roof.release r, one_roof.target t where t.kind = 'clone' order by r.opened_at desc limit 1`,
  );
  const row = found.rows[0];
  if (row === undefined) throw notFinalized(database, 'no rehearsal has claimed it');
  if (row['state'] !== 'closed' || row['outcome'] !== 'rehearsed')
    throw notFinalized(database, `${String(row['id'])} still holds it, or has not ended well`);
  return {
    source: String(row['source']),
    package: {
      name: String(row['package']),
      version: String(row['version']),
      digest: String(row['digest']),
    },
    scope: String(row['scope']),
    rehearsal: String(row['id']),
    masked: there['masked'] === true ? await readMasked(session) : [],
  };
}

async function readMasked(session: Session): Promise<MaskedColumn[]> {
  const found = await session.query(
    'select column_name as "column", rows_changed::int as rows from one_roof.masked order by 1',
  );
  return z.array(MaskedColumn).parse(found.rows);
}

function notFinalized(database: string, why: string): ReleaseError {
  return new ReleaseError('GOLDEN_NOT_FINALIZED', `${database} cannot become a golden: ${why}`);
}
