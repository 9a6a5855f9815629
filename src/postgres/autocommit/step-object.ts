import type { SqlStatement } from '../../core/schema/statement';
import { quoted } from './object-name';

/** Where names without a schema are: every session states it as its search path. */
const SCHEMA = 'public';

/** The index that a statement makes, drops or rebuilds, so that statements about the same one are known; else nothing. */
export function objectOf({ step }: SqlStatement): string | undefined {
  switch (step?.kind) {
    case 'create index':
      return quoted({ schema: step.table.schema ?? SCHEMA, name: step.index });
    case 'drop index':
      return quoted({ schema: SCHEMA, ...step.index });
    default:
      return undefined;
  }
}
