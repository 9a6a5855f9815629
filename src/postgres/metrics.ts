import { ReleaseError } from '../core/rules/release-error';
import type { Metrics, MetricValue } from '../core/schema/name';
import type { SqlStatement } from '../core/schema/statement';
import { readRows } from './package-read';
import type { Session } from './session';

/** Runs a probe's statements; each yields rows of (metric, value). The caller has opened the transaction. */
export async function readMetrics(session: Session, probe: readonly SqlStatement[]): Promise<Metrics> {
  const metrics: Record<string, MetricValue> = {};
  for (const statement of probe) {
    for (const row of await readRows(session, statement)) {
      if (typeof row['metric'] !== 'string' || !('value' in row)) {
        throw new ReleaseError(
          'DESCRIPTOR_INVALID',
          `a probe yields rows of (metric, value), not of (${Object.keys(row).join(', ')})`,
        );
      }
      metrics[row['metric']] = metricValue(row['value']);
    }
  }
  return metrics;
}

/** A count where the text is a safe integer, the text otherwise. */
export function metricValue(value: unknown): MetricValue {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
