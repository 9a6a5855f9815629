import { z } from 'zod';
import type { StatementMeasure } from '../core/schema/attempt';
import type { LockHeld } from '../core/schema/blast';
import type { SqlStatement } from '../core/schema/statement';
import type { Session } from './session';

const RelationLock = z.object({
  oid: z.string(),
  relation: z.string(),
  mode: z.string(),
  file: z.string(),
  isEmpty: z.boolean(),
  kind: z.string(),
});

/** What the server says of the open transaction after a statement. */
const Observed = z.object({
  xid: z.string().nullable(),
  wal: z.coerce.number(),
  locks: z.array(RelationLock),
});
type Observation = Readonly<z.infer<typeof Observed>>;

/** A relation that existed before the first statement, and the file that it was in when last seen. */
interface Known {
  readonly relation: string;
  readonly kind: string;
  readonly file: string;
  readonly isEmpty: boolean;
}

/** A table is written under one of these modes, and the lock is kept to the end: what holds none of them has not changed. */
export const WRITING = ['RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** Kinds of relation that hold rows of their own. */
export const TABLES = ['r', 'm'];

const OBSERVE = `
select pg_catalog.pg_current_xact_id_if_assigned()::text as xid,
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text as wal,
       coalesce((select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('oid', c.oid::text, 'mode', l.mode,
                   'relation', pg_catalog.format('%I.%I', n.nspname, c.relname), 'file', c.relfilenode::text, 'kind', c.relkind::text,
                   'isEmpty', coalesce(pg_catalog.pg_relation_size(c.oid), 0) operator(pg_catalog.=) 0)
                   order by n.nspname, c.relname, l.mode)
          from pg_catalog.pg_locks l
          join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) l.relation
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
         where l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and l.locktype operator(pg_catalog.=) 'relation'
           and l.granted and l.mode operator(pg_catalog.<>) 'AccessShareLock'
           and n.nspname operator(pg_catalog.<>) all ('{pg_catalog,pg_toast,information_schema,one_roof}'::pg_catalog.name[])),
       '[]') as locks`;

/** What exists before the first statement; other sessions' temporary tables come and go without us. */
const KNOWN = `
select c.oid::text, pg_catalog.format('%I.%I', n.nspname, c.relname) as relation, c.relkind::text as kind, c.relfilenode::text as file
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm', 'i') and c.relpersistence <> 't' and c.oid >= 16384`;

/** Looks on while statements run: which locks each one took, which tables it rewrote, how much WAL it made. */
export class Observer {
  private last: Observation = { xid: null, wal: 0, locks: [] };
  private known = new Map<string, Known>();
  private replaced: readonly string[] = [];

  /** Remembers where the transaction stands before the first statement. */
  async begin(session: Session): Promise<void> {
    for (const row of (await session.query(KNOWN)).rows) {
      const { oid, relation, kind, file } = row;
      this.known.set(String(oid), {
        relation: String(relation),
        kind: String(kind),
        file: String(file),
        isEmpty: true,
      });
    }
    this.last = await observe(session);
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
    return this.replaced;
  }

  get xid(): string | null {
    return this.last.xid;
  }

  /** After a statement: what it did. */
  async after(
    session: Session,
    statement: SqlStatement,
    { ms, rows }: { ms: number; rows: number | null },
  ): Promise<StatementMeasure> {
    const before = this.last;
    this.last = await observe(session);
    const { number, line, text } = statement;
    return {
      number,
      line,
      text: text.replace(/\s+/g, ' ').slice(0, 120),
      ms,
      rows,
      locks: newLocks(before, this.last),
      rewrites: this.rewritten(),
      walBytes: this.last.wal - before.wal,
    };
  }

  /** Tables that this transaction may have written, as `schema.table`. */
  touched(): readonly string[] {
    return namesOf(
      this.last.locks.filter((lock) => WRITING.includes(lock.mode) && TABLES.includes(lock.kind)),
    );
  }

  /** Tables whose rows or definition this transaction may have changed; a foreign key that points to one changes neither. */
  written(): readonly string[] {
    return namesOf(
      this.last.locks.filter((lock) => lock.mode !== 'ShareRowExclusiveLock' && WRITING.includes(lock.mode)),
    );
  }

  private rewritten(): string[] {
    const rewritten = this.last.locks.filter((lock) => {
      const known = this.known.get(lock.oid);
      return known !== undefined && (known.file !== lock.file || (lock.isEmpty && !known.isEmpty));
    });
    this.replaced = rewritten
      .filter((lock) => lock.kind === 'r')
      .map((lock) => this.nameOfKnownTable(lock.oid) ?? lock.relation);
    for (const { oid, file, isEmpty } of this.last.locks) {
      const known = this.known.get(oid);
      if (known !== undefined) this.known.set(oid, { ...known, file, isEmpty });
    }
    return namesOf(rewritten);
  }
}

function namesOf(locks: readonly { readonly relation: string }[]): string[] {
  return [...new Set(locks.map((lock) => lock.relation))];
}

async function observe(session: Session): Promise<Observation> {
  return Observed.parse((await session.query(OBSERVE)).rows[0]);
}

function newLocks(before: Observation, after: Observation): LockHeld[] {
  const had = new Set(before.locks.map((lock) => `${lock.oid} ${lock.mode}`));
  return after.locks
    .filter((lock) => !had.has(`${lock.oid} ${lock.mode}`))
    .map(({ relation, mode }) => ({ relation, mode }));
}
