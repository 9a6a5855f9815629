import type { ObjectName, Step } from '../core/schema/step';
import type { RawStatement } from '../grammar/parser';
import { entriesOf, isFields, textOf } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';

type Reader = (fields: Fields) => Step | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  IndexStmt: createIndex,
  DropStmt: dropIndex,
  ReindexStmt: reindex,
  VacuumStmt: () => ({ kind: 'vacuum' }),
  AlterEnumStmt: addValue,
  AlterTableStmt: detachPartition,
  RefreshMatViewStmt: refresh,
};

/** How a statement converges when it runs outside a transaction; nothing, where it could not be made safe to repeat. */
export function stepOf({ kind, tree }: RawStatement): Step | undefined {
  const fields = isFields(tree) ? tree[kind] : undefined;
  return isFields(fields) ? READERS[kind]?.(fields) : undefined;
}

function createIndex({ concurrent, idxname, relation, if_not_exists: mayExist }: Fields): Step | undefined {
  const table = relationName(relation);
  if (concurrent !== true || typeof idxname !== 'string' || table === undefined) return undefined;
  return { kind: 'create index', index: idxname, table, mayExist: mayExist === true };
}

function dropIndex({ concurrent, objects, missing_ok: mayBeMissing }: Fields): Step | undefined {
  if (concurrent !== true || !Array.isArray(objects) || objects.length !== 1) return undefined;
  const object: unknown = objects[0];
  const list = isFields(object) ? object['List'] : undefined;
  const index = listedName(isFields(list) ? list['items'] : undefined);
  return index === undefined ? undefined : { kind: 'drop index', index, mayBeMissing: mayBeMissing === true };
}

/** REINDEX DATABASE and SYSTEM need the database's owner, whom the executor never is. */
const REINDEXED: Readonly<Record<string, 'index' | 'table' | 'schema'>> = {
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_TABLE: 'table',
  REINDEX_OBJECT_SCHEMA: 'schema',
};

function reindex({ kind, relation, name, params }: Fields): Step | undefined {
  const of = typeof kind === 'string' ? REINDEXED[kind] : undefined;
  const object = typeof name === 'string' ? { name } : relationName(relation);
  if (of === undefined || object === undefined || !isConcurrent(params)) return undefined;
  return { kind: 'reindex', of, object };
}

/** `(concurrently)`, `(concurrently on)`, `concurrently`. */
function isConcurrent(options: unknown): boolean {
  return [...entriesOf(options, 0)].some(({ key, value }) => {
    if (key !== 'DefElem' || !isFields(value) || value['defname'] !== 'concurrently') return false;
    const setting = value['arg'];
    return setting === undefined || /^(on|true|1)$/i.test(textOf(setting) ?? '');
  });
}

function addValue({ typeName, newVal, oldVal, skipIfNewValExists }: Fields): Step | undefined {
  const type = listedName(typeName);
  if (type === undefined || oldVal !== undefined || typeof newVal !== 'string') return undefined;
  return { kind: 'add value', type, value: newVal, mayExist: skipIfNewValExists === true };
}

function detachPartition({ relation, cmds }: Fields): Step | undefined {
  if (!Array.isArray(cmds) || cmds.length !== 1) return undefined;
  const command = [...entriesOf(cmds, 0)].find(({ key }) => key === 'PartitionCmd')?.value;
  if (!isFields(command) || command['concurrent'] !== true) return undefined;
  const [table, partition] = [relationName(relation), relationName(command['name'])];
  if (table === undefined || partition === undefined) return undefined;
  return { kind: 'detach partition', table, partition };
}

function refresh({ concurrent, relation }: Fields): Step | undefined {
  const view = relationName(relation);
  return concurrent === true && view !== undefined ? { kind: 'refresh', view } : undefined;
}

function relationName(relation: unknown): ObjectName | undefined {
  if (!isFields(relation)) return undefined;
  return objectName(relation['schemaname'], relation['relname']);
}

/** A name in parts, as lists of string nodes have it. */
function listedName(parts: unknown): ObjectName | undefined {
  return Array.isArray(parts) ? objectName(textOf(parts.at(-2)), textOf(parts.at(-1))) : undefined;
}

function objectName(schema: unknown, name: unknown): ObjectName | undefined {
  if (typeof name !== 'string') return undefined;
  return typeof schema === 'string' ? { schema, name } : { name };
}
