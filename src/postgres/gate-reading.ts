import { isOpen } from '../core/rules/gate-opens';
import type { GateQuery, GateReading } from '../core/schema/attempt';
import { asReleaseError } from './errors';
import { metricValue } from './metrics';
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

async function readGate(session: Session, gate: GateQuery): Promise<GateReading> {
  const readAt = new Date().toISOString();
  const { gate: id, opens } = gate;
  await session.query('savepoint one_roof_gate');
  try {
    await session.query('set local transaction_read_only = on');
    const answer = await session.query(gate.sql);
    const values = Object.values(answer.rows[0] ?? {});
    if (answer.rows.length !== 1 || values.length !== 1) {
      const shape = `${answer.rows.length} rows of ${values.length} columns`;
      return {
        gate: id,
        open: false,
        value: null,
        opens,
        readAt,
        unreadable: `it yields ${shape} instead of one value`,
      };
    }
    const value = metricValue(values[0]);
    return { gate: id, open: isOpen(value, opens), value, opens, readAt };
  } catch (error) {
    const known = asReleaseError(error);
    if (known.code === 'SESSION_LOST') throw known;
    return { gate: id, open: false, value: null, opens, readAt, unreadable: known.message };
  } finally {
    await session.query('rollback to savepoint one_roof_gate').catch(ignoreLostSession);
    await session.query('release savepoint one_roof_gate').catch(ignoreLostSession);
  }
}

/** When the session is lost the reading has thrown already; a second error would hide the first. */
function ignoreLostSession(): void {
  return undefined;
}
