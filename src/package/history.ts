import { ReleaseError } from '../core/rules/release-error';
import { readHistory } from '../core/rules/history';
import type { Direction, History } from '../core/rules/history';
import { readFolder } from './folder';
import { cutForeign } from './statements';
import type { Statement } from './statements';

/** The statements of one direction, each with its place, and whether they run in one transaction. */
export interface Script {
  readonly mode: 'transaction' | 'autocommit';
  readonly statements: readonly (Statement & { readonly file: string })[];
}

/** A history in memory; its SQL is cut when it is asked for, so that a file that is no SQL stops none of the others. */
export interface FolderHistory extends History {
  /** @throws ReleaseError SQL_REFUSED where it is no SQL, with file, line and column */
  readonly scriptOf: (direction: Direction) => Promise<Script>;
}

const FORMS =
  'Give a folder of `NAME.up.sql` and `NAME.down.sql`, or of files with `-- +goose Up` or `-- migrate:up` in them; docs/package.md lists all forms.';
const BOM = Buffer.from('\uFEFF');

/** Reads a folder of pairs and two-way files. @throws ReleaseError PACKAGE_MISSING where it holds none */
export async function openHistory(root: string): Promise<FolderHistory> {
  const folder = await readFolder(root).catch((cause: unknown) => {
    throw cause instanceof ReleaseError
      ? new ReleaseError(cause.code, cause.message, { hint: FORMS, cause })
      : cause;
  });
  const files = new Map([...folder.files].map(([path, bytes]) => [path, withoutMark(bytes)]));
  const history = readHistory([...files].map(([path, bytes]) => ({ path, text: bytes.toString('latin1') })));
  if (history.steps.length === 0) throw nothingThere(root);
  return { ...history, scriptOf: (direction) => cutDirection(direction, files) };
}

async function cutDirection(
  { path, parts, outside }: Direction,
  files: ReadonlyMap<string, Buffer>,
): Promise<Script> {
  const bytes = files.get(path) ?? Buffer.alloc(0);
  const cut = [];
  for (const part of parts) cut.push(await cutForeign({ path, bytes, ...part }));
  return {
    mode: outside || cut.some(({ leaves }) => leaves) ? 'autocommit' : 'transaction',
    statements: cut.flatMap(({ statements }) => statements.map((each) => ({ ...each, file: path }))),
  };
}

/** psql skips it too. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;
}

function nothingThere(root: string): ReleaseError {
  return new ReleaseError('PACKAGE_MISSING', `${root} holds no step with a way up or down`, {
    hint: FORMS,
  });
}
