import { parseSql, tokensOf } from '../grammar/parser';
import type { Token } from '../grammar/parser';
import type { Statement } from './statements';

/** A part of a check file that can be asked by itself: an exact slice of a statement. */
export interface CheckBranch {
  readonly text: string;
  readonly line: number;
  /** The name of its one check, where that is a constant. */
  readonly check: string | undefined;
}

/**
 * Cuts the statement of a check file at its outermost `union all`s, so that a branch which names what is not there yet hides no
 * other. A statement that is anything else stays whole.
 */
export async function branchesOf(statement: Statement): Promise<readonly CheckBranch[]> {
  const bytes = Buffer.from(statement.text);
  const cuts = unionsOf(await tokensOf(statement.text));
  const branches = await Promise.all(
    slices(cuts, bytes.length).map(([from, to]) => branchOf(statement, bytes, { from, to })),
  );
  const whole = branches.every((branch) => branch !== undefined);
  return whole ? branches : [{ text: statement.text, line: statement.line, check: undefined }];
}

interface Cut {
  readonly from: number;
  readonly to: number;
}

/** What binds all branches together, or begins before them, forbids to cut. */
const BINDING = new Set(['with', 'intersect', 'except', 'order', 'limit', 'offset', 'fetch', 'window']);

function unionsOf(tokens: readonly Token[]): readonly Cut[] {
  const outer = outermost(tokens);
  if (outer.some(({ text }) => BINDING.has(text))) return [];
  return outer.flatMap((token, index) => {
    const next = outer[index + 1];
    return token.text === 'union' && next?.text === 'all' ? [{ from: token.start, to: next.end }] : [];
  });
}

function outermost(tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  return tokens.filter(({ text }) => {
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    return depth === 0;
  });
}

function slices(cuts: readonly Cut[], end: number): readonly (readonly [number, number])[] {
  const starts = [0, ...cuts.map(({ to }) => to)];
  const ends = [...cuts.map(({ from }) => from), end];
  return starts.map((start, index) => [start, ends[index] ?? end]);
}

/** undefined: by itself it would be no select. */
async function branchOf(
  { line }: Statement,
  bytes: Buffer,
  { from, to }: Cut,
): Promise<CheckBranch | undefined> {
  const text = bytes.toString('utf8', from, to);
  const parsed = await parseSql(text);
  if (parsed.verdict !== 'parsed' || parsed.statements.length !== 1) return undefined;
  const [statement] = parsed.statements;
  if (statement?.kind !== 'SelectStmt') return undefined;
  const before = bytes.toString('utf8', 0, from + text.length - text.trimStart().length);
  return { text, line: line + before.split('\n').length - 1, check: constantOf(statement.tree) };
}

/** The first column, where it is a text that stands there. */
function constantOf(tree: unknown): string | undefined {
  const path = ['SelectStmt', 'targetList', 0, 'ResTarget', 'val', 'A_Const', 'sval', 'sval'];
  const found = path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    tree,
  );
  return typeof found === 'string' ? found : undefined;
}
