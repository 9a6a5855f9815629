import type { ObjectName } from '../../core/schema/step';
import { quoteIdentifier } from '../one-roof-schema';

/** As `to_regclass` and SQL read it. */
export function quoted({ schema, name }: ObjectName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
