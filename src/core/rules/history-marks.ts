interface Part {
  readonly from: number;
  readonly to: number;
}

/** What a file holds of one direction. */
export interface MarkedParts {
  readonly parts: readonly Part[];
  /** The mark itself says that it runs outside a transaction. */
  readonly outside: boolean;
}

export interface MarkedFile {
  readonly up: MarkedParts | undefined;
  readonly down: MarkedParts | undefined;
}

/** goose, sql-migrate, micrate · dbmate, seqwall · rambler · shmig · node-pg-migrate. */
const MARKS = [
  String.raw`--[ \t]*\+(?:goose|migrate|micrate)[ \t]+(?<one>up|down)\b`,
  String.raw`--[ \t]*migrate:(?<two>up|down)\b`,
  String.raw`--[ \t]*rambler[ \t]+(?<three>up|down)\b`,
  String.raw`--[ \t]*=+[ \t]*(?<four>up|down)[ \t]*=+`,
  String.raw`--[- \t]*(?<five>up|down)[ \t]+migration\b`,
];
const MARK = new RegExp(String.raw`^[ \t]*(?:${MARKS.join('|')})(?<tail>[^\r\n]*)`, 'gim');
/** dbmate and sql-migrate say it behind the mark. */
const OUTSIDE = /\btransaction:[ \t]*false\b|\bnotransaction\b/i;
/** tern and MyBatis mark the place where the way down begins. */
const SEPARATOR =
  /^[ \t]*(?:-{4}[ \t]*create above \/ drop below[ \t]*-{4}|--[ \t]*\/\/[ \t]*@undo\b)[^\r\n]*/im;

/** Cuts a file that holds both directions; nothing where no mark is in it. Each part ends at the next mark. */
export function cutByMarks(text: string): MarkedFile | undefined {
  const marks = [...text.matchAll(MARK)].map(({ index, 0: mark, groups }) => {
    const { tail = '', ...ways } = groups ?? {};
    const way = Object.values(ways).join('').toLowerCase(); // one of them is there
    return { way, tail, at: index, from: index + mark.length };
  });
  if (marks.length === 0) return cutInTwo(text);
  const partsOf = (way: string): MarkedParts | undefined => {
    const found = marks.flatMap((mark, index) =>
      mark.way === way ? [{ ...mark, to: marks[index + 1]?.at ?? text.length }] : [],
    );
    if (found.length === 0) return undefined;
    const parts = found.map(({ from, to }) => ({ from, to }));
    return { parts, outside: found.some(({ tail }) => OUTSIDE.test(tail)) };
  };
  return { up: partsOf('up'), down: partsOf('down') };
}

function cutInTwo(text: string): MarkedFile | undefined {
  const separator = SEPARATOR.exec(text);
  if (separator === null) return undefined;
  const below = separator.index + separator[0].length;
  const part = (from: number, to: number): MarkedParts => ({ parts: [{ from, to }], outside: false });
  return { up: part(0, separator.index), down: part(below, text.length) };
}
