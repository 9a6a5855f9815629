import { cutByMarks } from './history-marks';
import { pairByWord, pairUpAndDown } from './history-names';
import type { NamedStep } from './history-names';
import { inNumberOrder } from './number-order';
import { planOrder } from './sqitch-plan';

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

type Files = ReadonlyMap<string, string>;

/** As goose, sqlx, graphile and tern say it in a file, and diesel beside it. */
const OUTSIDE =
  /^[ \t]*-{2,}!?[ \t]*(?:\+goose[ \t]+no[ \t]+transaction|no-transaction|tern:[ \t]*disable-tx)\b/im;
const OUTSIDE_BESIDE = /^[ \t]*run_in_transaction[ \t]*=[ \t]*false\b/m;

/**
 * Finds the steps: `NAME.up.sql` with its other half, files that hold both directions, and pairs as other tools name
 * them. What belongs to another database's dialect is left to the others.
 */
export function readHistory(all: readonly HistoryFile[]): History {
  const files = new Map(all.map(({ path, text }) => [path, text]));
  const sql = [...files.keys()].filter((path) => /\.sql$/i.test(path));
  const dotted = pairUpAndDown(sql);
  const marked = new Map(dotted.left.flatMap((path) => entryOf(path, files)));
  const worded = pairByWord(dotted.left.filter((path) => !marked.has(path)));
  const pairs = [...dotted.steps, ...worded.steps].map((step) => wholeStep(step, files));
  const steps = [...pairs, ...marked.values()].sort((one, other) =>
    inNumberOrder(orderOf(one), orderOf(other)),
  );
  return {
    steps: planOrder(steps, files.get('sqitch.plan')),
    others: [...dotted.foreign, ...worded.left].sort(inNumberOrder),
  };
}

function entryOf(path: string, files: Files): readonly (readonly [string, HistoryStep])[] {
  const directions = cutByMarks(files.get(path) ?? '');
  if (directions === undefined) return [];
  const [up, down] = [directions.up, directions.down].map(
    (found) => found && { path, parts: found.parts, outside: found.outside || isOutside(path, files) },
  );
  return [[path, { id: path.replace(/\.sql$/i, ''), up, down }]];
}

function wholeStep({ id, up, down }: NamedStep, files: Files): HistoryStep {
  const whole = (path: string | undefined): Direction | undefined =>
    path === undefined
      ? undefined
      : { path, parts: [{ from: 0, to: files.get(path)?.length ?? 0 }], outside: isOutside(path, files) };
  return { id, up: whole(up), down: whole(down) };
}

function isOutside(path: string, files: Files): boolean {
  const beside = files.get(path.replace(/[^/]*$/, 'metadata.toml')) ?? '';
  return OUTSIDE.test(files.get(path) ?? '') || OUTSIDE_BESIDE.test(beside);
}

const VERSION = /(^|\/)V(\d+(?:[._]\d+)*)__/;
const DATE = /(^|\/)(\d{4})-(\d\d)-(\d\d)(?:-(\d+))?(?!\d)/;

/** Flyway's `V1_1__name` comes after `V1__name`; diesel's `2017-08-31-230457_name` stands among `20140924113530_name`. */
function orderOf({ id }: HistoryStep): string {
  return id
    .replace(VERSION, (_, folder: string, number: string) => `${folder}V${number.replaceAll('_', '.')} `)
    .replace(DATE, (_, folder: string, ...[year, month, day, time = '000000']: readonly string[]) =>
      [folder, year, month, day, time].join(''),
    );
}
