import { ReleaseError } from '../core/rules/release-error';
import type { Metrics, MetricValue } from '../core/schema/name';
import { metricValue } from '../postgres/metrics';
import type { Answer } from './answer';
import { typedValue } from './typed-value';

/** The metrics that a probe's statement yields: rows of (metric, value). @throws DESCRIPTOR_INVALID */
export function metricsIn({ columns, rows }: Pick<Answer, 'columns' | 'rows'>): Metrics {
  const [metric, value] = ['metric', 'value'].map((name) => columns.findIndex((each) => each.name === name));
  const metrics: Record<string, MetricValue> = {};
  for (const row of rows) {
    const name = row[metric ?? -1];
    if (typeof name !== 'string' || value === -1) throw noMetrics(columns);
    metrics[name] = cellValue({ columns, row }, value ?? -1);
  }
  return metrics;
}

function noMetrics(columns: Answer['columns']): ReleaseError {
  const names = columns.map(({ name }) => name).join(', ');
  return new ReleaseError('DESCRIPTOR_INVALID', `a probe yields rows of (metric, value), not of (${names})`);
}

/** The one value of an answer of one row and one column; undefined where it has another shape. */
export function oneValueIn({ columns, rows }: Pick<Answer, 'columns' | 'rows'>): MetricValue | undefined {
  const [row] = rows;
  if (row === undefined || rows.length !== 1 || columns.length !== 1) return undefined;
  return cellValue({ columns, row }, 0);
}

/** As every baseline and every gate reads it: `true`, not `t`. */
function cellValue(
  { columns, row }: { readonly columns: Answer['columns']; readonly row: Answer['rows'][number] },
  place: number,
): MetricValue {
  const cell = row[place] ?? null;
  const column = columns[place];
  return metricValue(column?.type === 'boolean' ? typedValue(column, cell) : cell);
}
