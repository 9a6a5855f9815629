import type { RawStatement } from '../grammar/parser';
import { entriesOf, isFields, lastName, textOf } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import { judgeTree, refusalOfPostgresCalls } from '../read-channel/tree';
import { stepOf } from './step';

/** Why a statement is not executed, and the nearest place; `word` stands somewhere behind it. */
export interface Refusal {
  readonly reason: string;
  readonly location: number;
  readonly word?: string;
}

const CONTROL = 'transaction control: One-Roof itself begins and commits the transaction of a tier';
const OUTSIDE = 'it cannot run in a transaction: put it into a tier of its own with `transaction: false`';
const NOWHERE = 'it cannot run in a transaction, and outside one it could not be made safe to repeat';
const INSIDE = 'it could not be made safe to repeat: put it into a tier of its own with a transaction';
const UNNAMED = 'an index without a name: what a killed attempt left of it could not be found. Name it';
const SEVERAL = 'PostgreSQL drops one index at a time concurrently: write a statement for each';
const REINDEX =
  'outside a transaction an index, a table or a schema is reindexed with CONCURRENTLY; without it, put it into a tier of its own with a transaction';
const ROLE = 'a change of role: a tier runs as the executor from its first statement to its last';

/** Settings by which a tier would leave its transaction, its role, its encoding, its triggers or its lexer. */
const SETTINGS: ReadonlyMap<string, string> = new Map([
  ['transaction', CONTROL],
  ['session characteristics', CONTROL],
  ['transaction snapshot', CONTROL],
  ['transaction_isolation', CONTROL],
  ['transaction_read_only', CONTROL],
  ['transaction_deferrable', CONTROL],
  ['role', ROLE],
  ['session_authorization', ROLE],
  ['session_replication_role', 'session_replication_role: it switches triggers and foreign keys off'],
  ['client_encoding', 'client_encoding: the server would read other text than was approved'],
  [
    'standard_conforming_strings',
    'standard_conforming_strings: the server would read other text than was approved',
  ],
]);

const COPY_OUT = 'COPY … TO STDOUT: nobody reads it there';
const COPY_IN = 'COPY … FROM STDIN: its rows are no SQL. Use INSERT';

type Rule = (fields: Fields) => string | undefined;

const concurrently: Rule = ({ concurrent }) => (concurrent === true ? OUTSIDE : undefined);
const nowhere: Rule = () => NOWHERE;

/** Kind of node → why it is refused, in whichever tier. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['TransactionStmt', () => CONTROL],
  ['VariableSetStmt', ({ name }) => refusedSetting(name)],
  ['setstmt', ({ name }) => refusedSetting(name)],
  ['DiscardStmt', () => 'DISCARD: it drops what the session holds, One-Roof’s lock included'],
  ['CopyStmt', refusedCopy],
  ['FuncCall', refusedCall],
]);

/** Kind of node → why it does not run in a transaction, after PreventInTransactionBlock of PostgreSQL 18. */
const NOT_INSIDE: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['IndexStmt', concurrently],
  ['DropStmt', concurrently],
  ['PartitionCmd', concurrently],
  ['ReindexStmt', refusedReindex],
  ['VacuumStmt', (fields) => (fields['is_vacuumcmd'] === true ? OUTSIDE : undefined)],
  ['ClusterStmt', ({ relation }) => (relation === undefined ? NOWHERE : undefined)],
  ['AlterDatabaseStmt', ({ options }) => (names(options).includes('tablespace') ? NOWHERE : undefined)],
  ['CreatedbStmt', nowhere],
  ['DropdbStmt', nowhere],
  ['CreateTableSpaceStmt', nowhere],
  ['DropTableSpaceStmt', nowhere],
  ['AlterSystemStmt', nowhere],
]);

/** Words that no executed text may hold, be it as a name, in a constant or in the body of a function. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w$])one_roof(?![\w$])/i, 'it names schema one_roof, which belongs to One-Roof alone'],
  [/(?<![\w$])pg_advisory_unlock(_all|_shared)?(?![\w$])/i, 'it would give One-Roof’s session lock away'],
  [/(?<![\w$])session_replication_role(?![\w$])/i, SETTINGS.get('session_replication_role') ?? ''],
];

/** A quick no for the great many strings of a large file. */
const ANY_WORD = /one_roof|pg_advisory_unlock|session_replication_role/i;

/** Why One-Roof does not execute a statement in a transaction, or nothing. */
export function refusalOf(statement: RawStatement): Refusal | undefined {
  return refusedBy(statement, (kind, fields) => RULES.get(kind)?.(fields) ?? NOT_INSIDE.get(kind)?.(fields));
}

/** Must the statement run outside a transaction, or does it control one, or do its effects wait for the end of one? */
export function leavesTransaction({ kind, tree }: RawStatement): boolean {
  if (kind === 'TransactionStmt' || kind === 'AlterEnumStmt') return true;
  return [...entriesOf(tree, 0)].some(
    ({ key, value }) => isFields(value) && NOT_INSIDE.get(key)?.(value) !== undefined,
  );
}

/** The same for a tier outside transactions, where only what converges is executed. */
export function refusalOfStep(statement: RawStatement): Refusal | undefined {
  const refusal = refusedBy(statement, (kind, fields) => RULES.get(kind)?.(fields));
  if (refusal !== undefined || stepOf(statement) !== undefined) return refusal;
  return { reason: reasonAgainst(statement), location: statement.offset };
}

function reasonAgainst(statement: RawStatement): string {
  const fields = isFields(statement.tree) ? statement.tree[statement.kind] : undefined;
  if (!isFields(fields)) return INSIDE;
  if (statement.kind === 'ReindexStmt') return REINDEX;
  if (fields['concurrent'] === true && statement.kind === 'IndexStmt') return UNNAMED;
  if (fields['concurrent'] === true && statement.kind === 'DropStmt') return SEVERAL;
  return NOT_INSIDE.get(statement.kind)?.(fields) === NOWHERE ? NOWHERE : INSIDE;
}

function refusedBy(
  statement: RawStatement,
  ruleOf: (kind: string, fields: Fields) => string | undefined,
): Refusal | undefined {
  for (const { key, value, location } of entriesOf(statement.tree, statement.offset)) {
    const reason = isFields(value) ? ruleOf(key, value) : undefined;
    if (reason !== undefined) return { reason, location };
    const found = typeof value === 'string' ? refusedWord(value) : undefined;
    if (found !== undefined) return { ...found, location };
  }
  return undefined;
}

/** Why the read channel does not let a statement through, or nothing; functions of the database's own are its target's to open. */
export function refusalOfRead(statement: RawStatement): Refusal | undefined {
  const judged = judgeTree(statement);
  const refused = 'refused' in judged ? judged.refused : refusalOfPostgresCalls(judged.names);
  if (refused !== undefined)
    return {
      reason: `${refused.construct} in a file that is read-only: ${refused.reason}`,
      location: refused.location,
    };
  const { kind, offset } = statement;
  return kind === 'SelectStmt'
    ? undefined
    : { reason: `only SELECT may stand in a file that is read-only; this is ${kind}`, location: offset };
}

function refusedWord(text: string): Pick<Refusal, 'reason' | 'word'> | undefined {
  if (!ANY_WORD.test(text)) return undefined;
  for (const [pattern, reason] of WORDS) {
    const [word] = pattern.exec(text) ?? [];
    if (word !== undefined) return { reason, word };
  }
  return undefined;
}

function refusedSetting(name: unknown): string | undefined {
  return typeof name === 'string' ? SETTINGS.get(name.toLowerCase()) : undefined;
}

/** A file on the server and a program are left to the privileges of the executor. */
function refusedCopy({ filename, is_from: isFrom }: Fields): string | undefined {
  if (filename !== undefined) return undefined;
  return isFrom === true ? COPY_IN : COPY_OUT;
}

function refusedCall({ funcname, args }: Fields): string | undefined {
  if (lastName(funcname) !== 'set_config') return undefined;
  const setting = Array.isArray(args) ? textOf(args[0]) : undefined;
  if (setting === undefined)
    return 'set_config of a setting that is no constant: it may be one that is refused';
  return refusedSetting(setting);
}

function refusedReindex({ kind, params }: Fields): string | undefined {
  if (kind === 'REINDEX_OBJECT_SYSTEM' || kind === 'REINDEX_OBJECT_DATABASE') return NOWHERE;
  return kind === 'REINDEX_OBJECT_SCHEMA' || names(params).includes('concurrently') ? OUTSIDE : undefined;
}

/** The names of a list of options. */
function names(options: unknown): readonly string[] {
  return [...entriesOf(options, 0)].flatMap(({ key, value }) =>
    key === 'defname' ? [textOf(value) ?? ''] : [],
  );
}
