import { blockedBy } from '../core/rules/lock-conflicts';
import type { StatementMeasure } from '../core/schema/attempt';
import type { IndexBuild, LockHeld, SizeChange, ValidationScan } from '../core/schema/blast';
import type { SqlStatement } from '../core/schema/statement';
import { SPEAKING, observe, readKnown } from './observed';
import type { Known, Observation, Relation } from './observed';
import { ServerWords } from './server-words';
import type { Words } from './server-words';
import type { Session } from './session';
import { readSizes } from './table-sizes';

/** A table is written under one of these modes, and the lock is kept to the end: what holds none of them has not changed. */
export const WRITING = ['RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** Kinds of relation that hold rows of their own. */
export const TABLES = ['r', 'm'];

/** How a statement ran, as its caller saw it. */
export interface Ran {
  /** By performance.now(). */
  readonly startedAt: number;
  readonly ms: number;
  readonly rows: number | null;
  /** The first word of the server's answer. */
  readonly command: string;
}

/** Looks on while statements run: which locks each one took, which tables it rewrote or read through, how much WAL it made. */
export class Observer {
  /** By performance.now(): when the first statement could begin. */
  beganAt = 0;
  private last: Observation = { xid: null, wal: 0, speaks: false, relations: [] };
  private known = new Map<string, Known>();
  private sizes = new Map<string, number>();
  private replaced: readonly Relation[] = [];
  private tellsTemporaryFiles = false;
  private readonly words = new ServerWords();

  /** Remembers where the transaction stands before the first statement, and asks the server to speak until its end. */
  async begin(session: Session, statements: readonly SqlStatement[]): Promise<void> {
    this.known = await readKnown(session);
    this.sizes = await readSizes(session, this.known, statements);
    const { rows } = await session.query(
      `select pg_catalog.set_config('client_min_messages', '${SPEAKING}', true), pg_catalog.current_setting('log_temp_files') as temp`,
    );
    this.tellsTemporaryFiles = rows[0]?.['temp'] === '0';
    this.words.listen(session.client);
    this.last = await observe(session);
    this.beganAt = performance.now();
  }

  /** The relations that existed before the first statement, by oid. */
  knew(oid: string): boolean {
    return this.known.has(oid);
  }

  /** The name, before the first statement, of a table that existed then. */
  nameOfKnownTable(oid: string): string | undefined {
    const known = this.known.get(oid);
    return known !== undefined && TABLES.includes(known.kind) ? known.relation : undefined;
  }

  /** Tables known before whose rows the last statement put into a new file, or threw away. */
  get rewrittenTables(): readonly string[] {
    return this.replaced.filter(({ kind }) => kind === 'r').map((relation) => this.nameOf(relation) ?? '');
  }

  get xid(): string | null {
    return this.last.xid;
  }

  /** After a statement: what it did. */
  async after(session: Session, statement: SqlStatement, ran: Ran): Promise<StatementMeasure> {
    const before = this.last;
    this.last = await observe(session);
    const words = this.words.take();
    this.replaced = this.last.relations.filter((relation) => this.isReplaced(relation));
    const rewrites = ran.command === 'TRUNCATE' ? [] : this.rewritten();
    const indexBuilds = ran.command === 'TRUNCATE' ? [] : this.indexBuilds(before);
    const scans = this.scans(ran.command, words, [...rewrites, ...indexBuilds.map(({ table }) => table)]);
    const sizes = this.sizeChanges();
    const locks = this.newLocks(before);
    this.remember();
    const { number, line, text } = statement;
    return {
      number,
      line,
      text: text.replace(/\s+/g, ' ').slice(0, 120),
      ms: ran.ms,
      rows: ran.rows,
      locks,
      rewrites,
      walBytes: this.last.wal - before.wal,
      startedMs: Math.max(ran.startedAt - this.beganAt, 0),
      indexBuilds,
      scans,
      sizes,
      temporaryBytes: this.tellsTemporaryFiles && this.last.speaks ? words.temporaryBytes : null,
      toldBy: this.last.speaks ? 'server messages' : 'statistics',
    };
  }

  /** Tables that this transaction may have written, as `schema.table`. */
  touched(): readonly string[] {
    const tables = this.last.relations.filter(({ kind }) => TABLES.includes(kind ?? ''));
    return namesOf(tables.filter(({ modes }) => modes.some((mode) => WRITING.includes(mode))));
  }

  /** Tables whose rows or definition this transaction may have changed; a foreign key that points to one changes neither. */
  written(): readonly string[] {
    const writing = WRITING.filter((mode) => mode !== 'ShareRowExclusiveLock');
    return namesOf(this.last.relations.filter(({ modes }) => modes.some((mode) => writing.includes(mode))));
  }

  /** As people know it: before the first statement, which may have renamed or dropped it. */
  private nameOf({ oid, relation }: Relation): string | undefined {
    return this.known.get(oid)?.relation ?? relation ?? undefined;
  }

  private isReplaced({ oid, kind, file, isEmpty }: Relation): boolean {
    const known = this.known.get(oid);
    if (known === undefined || kind === null || !['r', 'm', 'i'].includes(kind)) return false;
    return known.file !== file || (isEmpty && !known.isEmpty);
  }

  private rewritten(): string[] {
    return this.replaced
      .filter(({ kind }) => TABLES.includes(kind ?? ''))
      .flatMap((relation) => this.nameOf(relation) ?? []);
  }

  /** Indexes that came to be or were built anew, on tables that were there before; one that takes over a file is not built. */
  private indexBuilds(before: Observation): IndexBuild[] {
    const had = new Set(before.relations.map(({ oid }) => oid));
    return this.last.relations
      .filter(({ kind, oid }) => kind === 'i' && !this.known.has(oid) && !had.has(oid))
      .filter(({ file }) => ![...this.known.values()].some((known) => known.file === file))
      .concat(this.replaced.filter(({ kind }) => kind === 'i'))
      .flatMap((index) => {
        const table = this.known.get(index.of ?? '')?.relation;
        const name = this.nameOf(index);
        return table === undefined || name === undefined ? [] : [{ index: name, table }];
      });
  }

  /**
   * Tables that were read from end to end to validate something: those that the server names, and those that its statistics
   * show to be read by a statement that validates, but for what is explained by a rewrite or an index build.
   */
  private scans(command: string, words: Words, explained: readonly string[]): ValidationScan[] {
    const tables = this.last.relations.filter(({ oid }) => this.nameOfKnownTable(oid) !== undefined);
    return tables.flatMap((table) => {
      const { oid, name } = table;
      const relation = this.nameOf(table);
      const known = this.known.get(oid);
      const isRead = known !== undefined && table.scans > known.scans;
      const isNamed = name !== null && words.verified.includes(name) && table.modes.length > 0;
      const isUnexplained = isRead && !explained.includes(relation ?? '') && validates(command, words, table);
      if (relation === undefined || !(isNamed || isUnexplained)) return [];
      return [{ relation, rows: isRead ? table.read - known.read : null }];
    });
  }

  private sizeChanges(): SizeChange[] {
    return this.last.relations.flatMap((table) => {
      const { oid, size, modes } = table;
      const relation = this.nameOf(table);
      if (size === null || relation === undefined || !modes.some((mode) => WRITING.includes(mode))) return [];
      const before = this.sizes.get(oid) ?? (this.known.has(oid) ? null : 0);
      this.sizes.set(oid, size);
      return before === size ? [] : [{ relation, before, after: size }];
    });
  }

  private newLocks(before: Observation): LockHeld[] {
    const had = new Map(before.relations.map(({ oid, modes }) => [oid, modes]));
    return this.last.relations.flatMap((relation) => {
      const { oid, modes } = relation;
      const name = this.nameOf(relation);
      if (name === undefined || name.startsWith('one_roof.')) return []; // what a statement made and dropped itself
      const isNew = this.known.has(oid) ? {} : { isNew: true };
      return modes
        .filter((mode) => had.get(oid)?.includes(mode) !== true)
        .map((mode) => ({ relation: name, mode, blocks: blockedBy(mode), ...isNew }));
    });
  }

  private remember(): void {
    for (const { oid, file, isEmpty, scans, read } of this.last.relations) {
      const known = this.known.get(oid);
      if (known !== undefined)
        this.known.set(oid, { ...known, file: file ?? known.file, isEmpty, scans, read });
    }
  }
}

/** A new partition is held against the rows of the default one, which is locked exclusively meanwhile. */
function validates(command: string, { foreignKeys }: Words, { modes }: Relation): boolean {
  if (command === 'CREATE') return modes.includes('AccessExclusiveLock');
  return modes.length > 0 && (command === 'ALTER' || foreignKeys > 0);
}

function namesOf(relations: readonly Relation[]): string[] {
  return [...new Set(relations.flatMap(({ relation }) => (relation === null ? [] : [relation])))];
}
