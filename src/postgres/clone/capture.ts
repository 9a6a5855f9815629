import type { Fingerprint } from '../../core/schema/fingerprint';
import type { Metrics } from '../../core/schema/name';
import type { SqlStatement } from '../../core/schema/statement';
import type { TierInEffect } from '../../core/schema/attempt';
import type { Endpoint, Environment } from '../endpoint';
import { takeFingerprint } from '../fingerprint/take';
import { readTiersInEffect } from '../ledger';
import type { Opened } from '../../read-channel/permitted-read';
import { readMetrics } from '../metrics';
import { readOnly } from '../read-only';
import type { Session, SessionSettings } from '../session';
import { withSession } from '../session';
import { runProgram } from './program';
import { readShape } from './shape';
import type { DatabaseShape } from './shape';

/** All that a clone is made from and compared with, of one moment of the source. */
export interface Capture {
  readonly baseline: Metrics;
  readonly fingerprint: Fingerprint;
  readonly tiersInEffect: readonly TierInEffect[];
  readonly shape: DatabaseShape;
  readonly mutations: number;
}

export interface CaptureOrder {
  readonly reader: Endpoint;
  readonly cloner: Endpoint;
  readonly probe: readonly SqlStatement[];
  /** What the probe may call. */
  readonly opened: Opened;
  /** The directory that pg_dump creates. */
  readonly dump: string;
  readonly pgDump: string;
  readonly environment: Environment;
  readonly jobs: number;
  /** Names of columns of which nothing but the whole table's digest is kept. */
  readonly hides?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress: (what: 'dump' | 'fingerprint', done: number, total: number) => void;
}

const LOCK_WAIT_MS = 5_000;

/**
 * One exported snapshot of the source for baseline, fingerprint and dump: with a writer at work, three moments would be
 * three databases. The snapshot lives as long as the cloner's transaction, in which all of it happens.
 */
export async function captureSource(order: CaptureOrder): Promise<Capture> {
  const settings = {
    lockTimeoutMs: LOCK_WAIT_MS,
    statementTimeoutMs: 0,
    readOnly: true,
    opened: order.opened,
    ...(order.signal === undefined ? {} : { signal: order.signal }),
  } as const;
  return withSession(order.cloner, { ...settings, application: 'one-roof snapshot' }, async (holder) => {
    await holder.query('set idle_in_transaction_session_timeout = 0');
    const captured = await readOnly(holder, () => captureWithin(holder, order, settings), 'one');
    return { ...captured.value, mutations: captured.value.mutations + captured.mutations };
  });
}

async function captureWithin(
  holder: Session,
  order: CaptureOrder,
  settings: Omit<SessionSettings, 'application'>,
): Promise<Capture> {
  const exported = await holder.query('select pg_catalog.pg_export_snapshot() as snapshot');
  const snapshot = String(exported.rows[0]?.['snapshot']);
  const within = <T>(who: Endpoint, application: string, work: (session: Session) => Promise<T>) =>
    withSession(who, { ...settings, application }, (session) =>
      readOnly(session, () => work(session), { snapshot }),
    );
  const [baseline, fingerprint] = await allOrFirstError([
    within(order.reader, 'one-roof baseline', async (session) => ({
      metrics: await readMetrics(session, order.probe),
      tiersInEffect: await readTiersInEffect(session),
      shape: await readShape(session),
    })),
    within(order.cloner, 'one-roof fingerprint', (session) =>
      takeFingerprint(session.client, {
        contents: 'all',
        ...(order.hides === undefined ? {} : { hides: order.hides }),
        large: 'digest alone', // production is read no longer than need be: it is the clone that is compared later
        onProgress: (done, total) => order.onProgress('fingerprint', done, total),
      }),
    ),
    dumpSource(order, snapshot),
  ]);
  return {
    baseline: baseline.value.metrics,
    tiersInEffect: baseline.value.tiersInEffect,
    shape: baseline.value.shape,
    fingerprint: fingerprint.value,
    mutations: baseline.mutations + fingerprint.mutations,
  };
}

/** Waits for all, also when one has failed: nothing may still run when the snapshot's transaction ends. */
async function allOrFirstError<T extends readonly unknown[]>(work: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** The dump in directory format, without One-Roof's own schema. `pg_dump` states its own statement_timeout of 0. */
async function dumpSource(order: CaptureOrder, snapshot: string): Promise<void> {
  let tables = 0;
  const onLine = (line: string): void => {
    if (/dumping contents of table/.test(line)) order.onProgress('dump', ++tables, 0);
  };
  const flags = [
    '--format=directory',
    `--jobs=${order.jobs}`,
    '--compress=0',
    '--exclude-schema=one_roof',
    `--lock-wait-timeout=${LOCK_WAIT_MS}`,
    '--verbose',
  ];
  await runProgram({
    program: order.pgDump,
    endpoint: order.cloner,
    arguments: [...flags, `--snapshot=${snapshot}`, `--file=${order.dump}`],
    environment: order.environment,
    onLine,
    ...(order.signal === undefined ? {} : { signal: order.signal }),
  });
}
