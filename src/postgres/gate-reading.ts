import { isOpen } from '../core/rules/gate-opens';
import { ReleaseError } from '../core/rules/release-error';
import type { GateQuery, GateReading } from '../core/schema/attempt';
import { asReleaseError } from './errors';
import { metricValue } from './metrics';
import { readPackage } from './package-read';
import type { Session } from './session';

/**
 * Reads hard gates inside the open transaction: read-only by savepoint, and rolled back to, so that nothing of a gate's
 * query stays. An unreadable gate is a closed gate, and says why. DESIGN.md §7.5.
 */
export async function readGatesWithin(
  session: Session,
  gates: readonly GateQuery[],
): Promise<readonly GateReading[]> {
  const readings: GateReading[] = [];
  for (const gate of gates) readings.push(await readGate(session, gate));
  return readings;
}

/**
 * The same as the first thing of a transaction, with the tables that the queries have read, through views and functions too: what
 * they hold a lock on is what they have looked at. `schema.table`, as format('%I.%I') writes it.
 */
export async function readGatesAndTables(
  session: Session,
  gates: readonly GateQuery[],
): Promise<{ readonly readings: readonly GateReading[]; readonly tables: ReadonlySet<string> }> {
  const readings: GateReading[] = [];
  const tables = new Set<string>();
  for (const gate of gates) readings.push(await readGate(session, gate, tables));
  return { readings, tables };
}

/** A tier that writes what a hard gate reads would open it for the tiers behind. DESIGN.md §4. @throws GATE_WRITTEN */
export function verifyGatesUntouched(
  tier: string,
  written: readonly string[],
  tables: ReadonlySet<string>,
): void {
  const both = written.filter((table) => tables.has(table));
  if (both.length === 0) return;
  throw new ReleaseError(
    'GATE_WRITTEN',
    `tier ${tier} writes ${both.join(', ')}, which a hard gate that it stands behind reads`,
  );
}

const TABLES_READ = `
select pg_catalog.format('%I.%I', n.nspname, c.relname) as "table"
  from pg_catalog.pg_locks l
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) l.relation
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and l.locktype operator(pg_catalog.=) 'relation'
   and c.relkind in ('r', 'p', 'm')
   and n.nspname operator(pg_catalog.<>) all ('{pg_catalog,pg_toast,information_schema,one_roof}'::pg_catalog.name[])`;

async function readGate(session: Session, gate: GateQuery, tables?: Set<string>): Promise<GateReading> {
  const readAt = new Date().toISOString();
  const { gate: id, opens } = gate;
  const unread = { gate: id, open: false, value: null, opens, readAt } as const;
  const look = async (): Promise<void> => {
    for (const row of (await session.query(TABLES_READ)).rows) tables?.add(String(row['table']));
  };
  try {
    const { columns, rows } = await readPackage(
      session,
      { text: gate.sql, file: `hard gate ${id}` },
      tables === undefined ? undefined : look,
    );
    const [first = []] = rows;
    if (rows.length !== 1 || columns.length !== 1)
      return {
        ...unread,
        unreadable: `it yields ${rows.length} rows of ${columns.length} columns instead of one value`,
      };
    const value = metricValue(first[0]);
    return { gate: id, open: isOpen(value, opens), value, opens, readAt };
  } catch (error) {
    const known = asReleaseError(error);
    if (known.code === 'SESSION_LOST') throw known;
    return { ...unread, unreadable: known.message };
  }
}
