import type { BlastComparison, FigureCompared, TierBlast } from '../schema/blast';

/** A tier's time and, where it was measured, its blast radius. */
export interface TierFigures {
  readonly ms: number;
  readonly blast?: TierBlast | undefined;
}

/** A tier in production beside its rehearsal. A clone has no load and one client: ratios of milliseconds say little. */
export function compareBlast(rehearsed: TierFigures, released: TierFigures): BlastComparison {
  const [then, now] = [rehearsed.blast, released.blast];
  const ms = compared(rehearsed.ms, released.ms);
  if (then === undefined || now === undefined) return { ms };
  return { ms, lockMs: compared(then.lockMs, now.lockMs), walBytes: compared(then.walBytes, now.walBytes) };
}

function compared(rehearsed: number, released: number): FigureCompared {
  return { rehearsed, released, ratio: rehearsed > 0 ? released / rehearsed : null };
}
