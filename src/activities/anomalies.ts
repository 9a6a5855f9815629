import { forbiddenDrift } from '../core/rules/drift';
import { keyOfGates } from '../core/rules/gate-facts';
import { milliseconds } from '../core/rules/milliseconds';
import type { AnomaliesRead, GatesOf } from '../core/schema/monitor';
import type { Metrics } from '../core/schema/name';
import type { PackageRef } from '../core/schema/plan';
import { Policy } from '../core/schema/target';
import { planOf } from '../package/plan';
import { readStatementsOf } from '../package/package';
import { readStuckTransactions, readWrites } from '../postgres/anomalies';
import { readMetrics } from '../postgres/metrics';
import type { Session } from '../postgres/session';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { reading } from './reading';
import { findTarget, readPackage } from './world';
import type { World } from './world';

/** The figures of the watched tables stand beside those of packages, under this name. */
const TABLES = 'watched tables';

export interface AnomaliesAsked {
  readonly target: string;
  readonly asked: readonly GatesOf[];
  /** As the last look left them; empty before the first. */
  readonly figures: AnomaliesRead['figures'];
}

/** What a release would not like to find at its target. It only reads. */
export function anomalyActivities(world: World) {
  return {
    /** Stuck transactions, watched tables that were written, figures that may not drift and did. */
    readAnomalies: activity(async (input: AnomaliesAsked, watch: Watch): Promise<AnomaliesRead> => {
      const { target, asked, figures } = input;
      const { watch: rules } = findTarget(world, target).policy ?? Policy.parse({});
      const look = { tables: rules.tables, transactionAge: milliseconds(rules.transactionAge) / 1000 };
      const packages = asked.flatMap(({ package: pkg, scope }) =>
        pkg === null ? [] : [{ package: pkg, scope }],
      );
      const read = await reading(world, { database: { target }, watch, role: 'reader' }, async (session) => {
        const stuck = await readStuckTransactions(session, look);
        const writes = await readWrites(session, look);
        const probed = [];
        for (const each of packages) probed.push(await probe(world, session, each));
        return { stuck, writes, probed };
      });
      const { stuck, writes, probed } = read.value;
      const before = figures[TABLES] ?? writes;
      return {
        found: [
          ...stuck,
          ...writtenSince(before, writes),
          ...probed.flatMap(({ key, name, drift, metrics }) =>
            drift(figures[key] ?? metrics).map((line) => `${name}: ${line}`),
          ),
        ],
        figures: {
          ...Object.fromEntries(probed.map(({ key, metrics }) => [key, figures[key] ?? metrics])),
          [TABLES]: before,
        },
        mutations: read.mutations,
      };
    }),
  };
}

interface Probed {
  readonly key: string;
  readonly name: string;
  readonly metrics: Metrics;
  readonly drift: (before: Metrics) => readonly string[];
}

async function probe(
  world: World,
  session: Session,
  each: { package: PackageRef; scope: string },
): Promise<Probed> {
  const pkg = await readPackage(world, each.package);
  const plan = await planOf(pkg, each.scope);
  const metrics =
    plan.probe === null ? {} : await readMetrics(session, await readStatementsOf(pkg, plan.probe));
  const name = `${each.package.name} ${each.package.version}`;
  return {
    key: keyOfGates(each),
    name,
    metrics,
    drift: (before) => forbiddenDrift(plan.metrics, before, metrics),
  };
}

function writtenSince(before: Metrics, now: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(now).flatMap(([table, writes]) => {
    const rows = writes - Number(before[table] ?? writes);
    return rows > 0 ? [`${table}: ${rows} rows written since it is watched`] : [];
  });
}
