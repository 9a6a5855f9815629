import type { Step } from '../../core/schema/step';
import type { Session } from '../session';
import type { Convergence } from './convergence';
import { INVALID_INDEX, dropInvalid, invalidIndexOf } from './invalid-index';
import { quoted } from './object-name';

type CreateIndex = Extract<Step, { kind: 'create index' }>;
type DropIndex = Extract<Step, { kind: 'drop index' }>;

/** A killed build leaves an INVALID index of its name, on which every repetition would fail: it is dropped first. */
export function createIndex(step: CreateIndex): Convergence {
  const { index, table, mayExist } = step;
  return {
    waitsForTransactions: true,
    unexpected: mayExist
      ? undefined
      : `index ${quoted({ name: index })} on ${quoted(table)} is there already, and this release did not build it`,
    probe: async (session) => {
      const found = await findIndex(session, step);
      if (found === undefined) return 'not done';
      return found.isValid ? 'done' : 'half done';
    },
    mend: async (session) => {
      const found = await findIndex(session, step);
      if (found?.isValid === false) await dropInvalid(session, found);
      return 'run';
    },
  };
}

async function findIndex(session: Session, { index, table }: CreateIndex) {
  const answer = await session.query(
    `select ${INVALID_INDEX}, i.indisvalid and i.indisready as is_valid
       from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
      where i.indrelid = pg_catalog.to_regclass($1) and x.relname = $2`,
    [quoted(table), index],
  );
  const row = answer.rows[0];
  return row === undefined ? undefined : { ...invalidIndexOf(row), isValid: row['is_valid'] === true };
}

/** A killed drop leaves the index, perhaps invalid: dropped again, it goes. */
export function dropIndex({ index, mayBeMissing }: DropIndex): Convergence {
  return {
    waitsForTransactions: true,
    unexpected: mayBeMissing
      ? undefined
      : `there is no index ${quoted(index)}, and this release did not drop it`,
    probe: async (session) => {
      const answer = await session.query('select pg_catalog.to_regclass($1) is null as is_gone', [
        quoted(index),
      ]);
      return answer.rows[0]?.['is_gone'] === true ? 'done' : 'not done';
    },
    mend: () => Promise.resolve('run'),
  };
}
