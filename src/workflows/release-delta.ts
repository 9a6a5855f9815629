import { sameValue } from '../core/rules/expectations';
import { ReleaseError } from '../core/rules/release-error';
import type { Metrics } from '../core/schema/name';
import type { Observation } from '../core/schema/observation';
import type { ReleaseBook } from './release-book';

const SHOWN = 5;

/** What the rehearsal predicted and what was found, with how much has moved since the rehearsal. */
export function tellDelta({ record, rehearsed }: ReleaseBook, { delta }: Observation): void {
  if (delta === undefined || rehearsed === null) return;
  record.delta = {
    ...delta,
    rehearsedAt: rehearsed.at,
    metricsMovedSince: moved(rehearsed.entry ?? {}, record.baseline.entry),
  };
}

/**
 * What is neither predicted nor there before is nobody's word: a verdict, unless the policy has it reported, or event triggers
 * were at work that no clone has: what they make was never rehearsed. @throws DELTA_UNEXPLAINED
 */
export function verifyExplained({ record, known }: ReleaseBook): void {
  const { unexplained = [], more = 0, cut = [] } = record.delta ?? {};
  if (unexplained.length === 0 || cut.length > 0 || known.target.policy.unexplained === 'report') return;
  const rest = unexplained.length - SHOWN + more;
  const lines = [...unexplained.slice(0, SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])];
  throw new ReleaseError('DELTA_UNEXPLAINED', `the schema is not what was predicted: ${lines.join('; ')}`);
}

function moved(before: Metrics, now: Metrics): string[] {
  return Object.keys(before)
    .filter((metric) => metric in now && !sameValue(before[metric], now[metric]))
    .map((metric) => `${metric}: ${String(before[metric])} → ${String(now[metric])}`);
}
