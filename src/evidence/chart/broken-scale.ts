/** A time from `from` to `to`, in ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A wait that is drawn shorter than it was. Places are per cent of the axis. */
export interface Gap extends Span {
  readonly left: number;
  readonly right: number;
}

/** Where a moment stands on the axis, per cent. */
export interface Scale {
  readonly at: (moment: number) => number;
  readonly gaps: readonly Gap[];
}

/** A wait that is longer than this share of all the work is cut to it; all gaps together take at most this share of the axis. */
const LONGEST_WAIT = 0.35;
const MOST_GAPS = 0.4;

/**
 * A time axis on which work is as long as it was, and a wait of three weeks leaves room for it. `waits` are the spans in which
 * nothing was done but waiting.
 */
export function brokenScale(whole: Span, waits: readonly Span[]): Scale {
  const pieces = piecesOf(whole, waits);
  const lengths = pieces.map(({ from, to }) => to - from);
  const work = sum(lengths.filter((_, index) => pieces[index]?.isWait === false)) || 1;
  const isCut = pieces.map(({ isWait }, index) => isWait && (lengths[index] ?? 0) > work * LONGEST_WAIT);
  const cuts = isCut.filter(Boolean).length;
  const shown = sum(lengths.filter((_, index) => isCut[index] === false)) || 1;
  const cutTo = Math.min(LONGEST_WAIT * work, (shown * MOST_GAPS) / (1 - MOST_GAPS) / Math.max(cuts, 1));
  const widths = lengths.map((length, index) => (isCut[index] === true ? cutTo : length));
  const total = sum(widths) || 1;
  let used = 0;
  const placed = pieces.map(({ from, to }, index) => {
    const left = (used / total) * 100;
    used += widths[index] ?? 0;
    return { from, to, left, right: (used / total) * 100 };
  });
  return { at: (moment) => placeOf(placed, moment), gaps: placed.filter((_, index) => isCut[index]) };
}

function placeOf(placed: readonly Gap[], moment: number): number {
  const piece = placed.find(({ to }) => moment <= to) ?? placed.at(-1);
  if (piece === undefined) return 0;
  const { from, to, left, right } = piece;
  const share = to === from ? 0 : (moment - from) / (to - from);
  return left + (right - left) * Math.min(1, Math.max(0, share));
}

/** The whole, cut wherever a wait begins or ends. */
function piecesOf(whole: Span, waits: readonly Span[]): readonly (Span & { readonly isWait: boolean })[] {
  const inside = (moment: number): boolean => moment > whole.from && moment < whole.to;
  const borders = [...new Set(waits.flatMap(({ from, to }) => [from, to]))].filter(inside);
  const moments = [whole.from, ...borders.sort((one, other) => one - other), whole.to];
  return moments.slice(1).map((to, index) => {
    const from = moments[index] ?? whole.from;
    return { from, to, isWait: waits.some((wait) => wait.from <= from && wait.to >= to && to > from) };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
