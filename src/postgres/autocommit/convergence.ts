import type { Step } from '../../core/schema/step';
import type { Session } from '../session';
import { createIndex, dropIndex } from './index-step';
import { quoted } from './object-name';
import { detachPartition } from './partition-step';
import { reindex } from './reindex-step';

/** Is a step's effect there? `not known`: the catalog cannot tell, and repeating it does no harm. */
export type Found = 'done' | 'half done' | 'not done' | 'not known';

/** What is known before a step is run. */
export interface Before {
  readonly found: Found;
  /** An earlier attempt at this statement has ended without an outcome. */
  readonly wasCutOff: boolean;
}

/** How a step reaches its effect once, however often it is begun. */
export interface Convergence {
  /** It waits for the end of old transactions: a short lock_timeout would cut it, and leave it half done. */
  readonly waitsForTransactions: boolean;
  /** What is wrong where its effect was there before it was begun; nothing, where its text allows that. */
  readonly unexpected: string | undefined;
  probe(session: Session): Promise<Found>;
  /** Takes away, or completes, what a dead attempt left; `done`: there is nothing left to run. */
  mend(session: Session, before: Before): Promise<'run' | 'done'>;
}

export function convergenceOf(step: Step): Convergence {
  switch (step.kind) {
    case 'create index':
      return createIndex(step);
    case 'drop index':
      return dropIndex(step);
    case 'reindex':
      return reindex(step);
    case 'detach partition':
      return detachPartition(step);
    case 'add value':
      return addValue(step);
    case 'vacuum':
    case 'refresh':
      return HARMLESS;
  }
}

/** Repeated, it does the same again. */
const HARMLESS: Convergence = {
  waitsForTransactions: false,
  unexpected: undefined,
  probe: () => Promise.resolve('not known'),
  mend: () => Promise.resolve('run'),
};

/** The server adds the value in one transaction of its own: it is there or it is not. */
function addValue({ type, value, mayExist }: Extract<Step, { kind: 'add value' }>): Convergence {
  return {
    waitsForTransactions: false,
    unexpected: mayExist
      ? undefined
      : `type ${quoted(type)} has that value already, and this release did not add it`,
    probe: async (session) => {
      const answer = await session.query(
        'select from pg_catalog.pg_enum where enumtypid = pg_catalog.to_regtype($1) and enumlabel = $2',
        [quoted(type), value],
      );
      return answer.rowCount === 0 ? 'not done' : 'done';
    },
    mend: () => Promise.resolve('run'),
  };
}
