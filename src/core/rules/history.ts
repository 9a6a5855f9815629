/** A file of a history; in `text` a character stands for a byte, so that places are those in the file. */
export interface HistoryFile {
  readonly path: string;
  readonly text: string;
}

/** One direction of a step: parts of a file, from–to of its bytes. `outside`: marked to run outside a transaction. */
export interface Direction {
  readonly path: string;
  readonly parts: readonly { readonly from: number; readonly to: number }[];
  readonly outside: boolean;
}

/** A step of a history: what applies it and what rolls it back. */
export interface HistoryStep {
  readonly id: string;
  readonly up: Direction | undefined;
  readonly down: Direction | undefined;
}

/** The steps in the order in which they are applied, and the SQL files that are none. */
export interface History {
  readonly steps: readonly HistoryStep[];
  readonly others: readonly string[];
}

type Way = 'up' | 'down';

const PAIRED = /^(.+)[./](up|down)\.sql$/i;
/** As goose and dbmate mark the two directions in one file. */
const MARKER = /^[ \t]*--[ \t]*(?:\+goose[ \t]+|migrate:)(up|down)\b([^\r\n]*)/gim;
/** goose says it for the whole file, dbmate behind the marker of each direction. */
const OUTSIDE_WHOLE = /^[ \t]*--[ \t]*\+goose[ \t]+no[ \t]+transaction\b/im;
const OUTSIDE_HERE = /\btransaction:[ \t]*false\b/i;

/** Pairs `NAME.up.sql` (or `NAME/up.sql`) with its other half, and cuts files that hold both directions. */
export function readHistory(files: readonly HistoryFile[]): History {
  const steps = new Map<string, HistoryStep>();
  const others: string[] = [];
  for (const file of files.filter(({ path }) => /\.sql$/i.test(path))) {
    const { id, ...found } = directionsOf(file);
    const earlier = steps.get(id);
    if (found.up === undefined && found.down === undefined) others.push(file.path);
    else steps.set(id, { id, up: found.up ?? earlier?.up, down: found.down ?? earlier?.down });
  }
  return { steps: [...steps.values()].sort((one, other) => inOrder(one.id, other.id)), others };
}

function directionsOf(file: HistoryFile): HistoryStep {
  const [, id, way] = PAIRED.exec(file.path) ?? [];
  if (id !== undefined && way !== undefined) {
    const whole = { path: file.path, parts: [{ from: 0, to: file.text.length }], outside: isOutside(file) };
    return way.toLowerCase() === 'up'
      ? { id, up: whole, down: undefined }
      : { id, up: undefined, down: whole };
  }
  return {
    id: file.path.replace(/\.sql$/i, ''),
    up: markedDirection(file, 'up'),
    down: markedDirection(file, 'down'),
  };
}

/** All parts of a file that are marked with a direction; each ends at the next marker, whichever that is. */
function markedDirection(file: HistoryFile, way: Way): Direction | undefined {
  const markers = [...file.text.matchAll(MARKER)];
  const parts = markers.flatMap((marker, index) => {
    const from = marker.index + marker[0].length;
    const to = markers[index + 1]?.index ?? file.text.length;
    return marker[1]?.toLowerCase() === way ? [{ from, to, tail: marker[2] ?? '' }] : [];
  });
  if (parts.length === 0) return undefined;
  return {
    path: file.path,
    parts: parts.map(({ from, to }) => ({ from, to })),
    outside: isOutside(file) || parts.some(({ tail }) => OUTSIDE_HERE.test(tail)),
  };
}

function isOutside({ text }: HistoryFile): boolean {
  return OUTSIDE_WHOLE.test(text);
}

/** Numbers by their value, so that `9_x` comes before `10_x`; the rest by its characters. */
function inOrder(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (const [index, part] of left.entries()) {
    const order = comparePart(part, right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(one, other);
}

function partsOf(name: string): readonly string[] {
  return name.split(/(\d+)/);
}

function comparePart(one: string, other: string): number {
  const areNumbers = /^\d+$/.test(one) && /^\d+$/.test(other);
  if (!areNumbers) return compareText(one, other);
  const [left, right] = [BigInt(one), BigInt(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
