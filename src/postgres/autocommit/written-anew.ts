import type { IndexBuild } from '../../core/schema/blast';
import { TABLES } from '../observation';
import type { Known } from '../observed';

/** What a statement with transactions of its own has written into new files, by the catalog before and after it. */
export function writtenAnew(
  before: ReadonlyMap<string, Known>,
  after: ReadonlyMap<string, Known>,
): { rewrites: string[]; indexBuilds: IndexBuild[] } {
  const fresh = [...after]
    .filter(([oid, { file }]) => before.get(oid)?.file !== file)
    .map(([, known]) => known);
  const isOld = ({ relation }: Known): boolean =>
    [...before.values()].some((known) => known.relation === relation);
  return {
    rewrites: fresh
      .filter((known) => TABLES.includes(known.kind) && isOld(known))
      .map(({ relation }) => relation),
    indexBuilds: fresh.flatMap(({ kind, relation, of }) => {
      const table = before.get(of ?? '')?.relation;
      return kind !== 'i' || table === undefined ? [] : [{ index: relation, table }];
    }),
  };
}
