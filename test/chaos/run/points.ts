import type { Point } from './point';
import { REHEARSAL } from './rehearsal-places';
import { COMPENSATION, ENDING, RELEASE } from './release-places';

/** Every crash point, in the order in which a workflow comes by. */
export const POINTS: readonly Point[] = [
  ...RELEASE.map((point) => ({ ...point, family: 'release' }) as const),
  ...COMPENSATION.map((point) => ({ ...point, family: 'compensation' }) as const),
  ...ENDING.map((point) => ({ ...point, family: 'release' }) as const),
  ...REHEARSAL.map((point) => ({ ...point, family: 'rehearsal' }) as const),
];
