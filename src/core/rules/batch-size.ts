/** Between one row and what a transaction can bear. */
const LARGEST = 1_000_000;

/** The size of the next batch: by how much the last one missed its duration, at most twice or half of it. */
export function nextBatchSize(size: number, tookMs: number, durationMs: number): number {
  const factor = Math.min(Math.max(durationMs / Math.max(tookMs, 1), 0.5), 2);
  return within(Math.round(size * factor));
}

/** After a conflict with somebody else's lock: fewer rows are held for a shorter time. */
export function smallerBatchSize(size: number): number {
  return within(Math.floor(size / 2));
}

function within(size: number): number {
  return Math.min(Math.max(size, 1), LARGEST);
}
