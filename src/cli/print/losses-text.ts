import type { Loss } from '../../core/schema/attempt';
import type { OthersRows } from '../others-rows';
import { count } from '../../evidence/amounts';

/** `public.orders: 7 rows`, one a table. */
export function lossLines(losses: readonly Loss[]): readonly string[] {
  return losses.map(({ table, rows }) => `${table}: ${count(rows)} ${rows === 1 ? 'row' : 'rows'}`);
}

/** What would be lost, in whole sentences; `then`: what becomes of such rows. */
export function othersRowsLines(found: OthersRows, then: string): readonly string[] {
  if ('uncounted' in found)
    return [
      `Rows that others wrote since could not be counted from here (${found.uncounted}); the workflow counts them itself, at its stage 'what would be lost'.`,
    ];
  if (found.losses.length === 0) return ['No row of others would be lost, as counted now.'];
  return [`Written by others since, ${then}: ${lossLines(found.losses).join(', ')}.`];
}
