import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Sight } from '../../src/activities/readings';
import type { Activities } from '../../src/activities/activities';
import { WORKFLOW_QUEUE } from '../../src/core/rules/contract';
import type { AttemptResult } from '../../src/core/schema/attempt';
import type { RecordedAct } from '../../src/core/schema/act';
import type { FingerprintSummary } from '../../src/core/schema/fingerprint';
import type { ReleaseOutcome, Status } from '../../src/core/schema/outcome';
import type { Observation } from '../../src/core/schema/observation';
import type { ReleasePlan } from '../../src/core/schema/plan';
import { Policy } from '../../src/core/schema/target';
import { freshNamespace } from './namespace';
import type { release } from '../../src/workflows';
import { CHECKOUT, sharedTemporal } from '../support/temporal';
import { PACKAGE } from '../support/prepared';
import { plan } from '../core/sample';

/** What activities are told to do, by name; each hears what it was asked. */
export type Told = {
  readonly [Name in keyof Activities]?: (
    input: Parameters<Activities[Name]>[0],
  ) => Awaited<ReturnType<Activities[Name]>> | Promise<Awaited<ReturnType<Activities[Name]>>>;
};

export const SUMMARY: FingerprintSummary = {
  ref: 'c'.repeat(64),
  schema: 'd'.repeat(64),
  contents: 'e'.repeat(64),
  tables: 1,
  rows: 1,
};
export const APPLIED: AttemptResult = {
  outcome: 'applied',
  found: false,
  ms: 1,
  statements: 1,
  rows: 0,
  walBytes: 0,
  metrics: {},
  touched: [],
  measures: null,
  readings: [],
};
export const ROLLED_BACK: AttemptResult = { ...APPLIED, outcome: 'rolled back' };
export const ROLLOUT = {
  id: 'rollout',
  before: '10_a',
  approvals: { dba: { need: 1, of: ['dba-a', 'dba-b'] } },
};

const IDENTITY = {
  database: 'shop',
  version: 150_000,
  systemIdentifier: '1',
  timeline: 1,
  oid: '1',
  name: 'production',
  registration: 'a'.repeat(64),
};

/** What goes well by itself. */
const WELL: Required<Told> = {
  auditOrder: audited(),
  checkTarget: () => ({ identity: IDENTITY, checks: [], mutations: 0 }),
  readBaseline: () => ({ metrics: {}, mutations: 0, at: '' }),
  runChecks: () => ({ checks: [], mutations: 0 }),
  revalidate: () => ({ metrics: {}, mutations: 0, at: '' }),
  readGates: ({ asked }) => ({
    answers: asked.map(() => ({ readings: [], unreadable: null })),
    mutations: 0,
  }),
  observeTarget: (sight) => seen(sight),
  readTiersInEffect: () => ({ tiers: [] }),
  removeDump: () => undefined,
  claimDatabase: () => ({ claim: 1 }),
  closeClaim: () => undefined,
  applyTier: () => APPLIED,
  rollBackTier: () => ROLLED_BACK,
  captureSource: () => {
    throw new Error('not told');
  },
  restoreClone: () => undefined,
  openClone: () => ({ cut: [] }),
  fingerprintClone: () => SUMMARY,
  compareFingerprints: () => ({ verdict: 'identical', differences: [], more: 0 }),
  dropClone: () => undefined,
  keepClone: () => undefined,
  checkCloneHost: () => undefined,
  listClonesLeft: () => [],
  recordEvidence: () => ({ digest: 'f'.repeat(64) }),
  findRehearsal: () => ({ digest: 'f'.repeat(64), id: 'rehearsal-shop-1', at: '', tiers: { '10_a': 4000 } }),
  subscribeToGates: () => undefined,
};

/** A real Temporal server and a real worker; only the activities are told what to do. */
export class ToldWorld {
  private readonly told = new Map<string, Told>();
  private readonly stops: (() => Promise<void>)[] = [];
  private constructor(
    private readonly client: Client,
    private readonly startWorker: () => Promise<Worker>,
  ) {}

  static async open(): Promise<ToldWorld> {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const { address } = await sharedTemporal();
    const connection = await Connection.connect({ address });
    const namespace = await freshNamespace(connection);
    const native = await NativeConnection.connect({ address });
    const world: ToldWorld = new ToldWorld(new Client({ connection, namespace }), () =>
      Worker.create({
        connection: native,
        namespace,
        taskQueue: WORKFLOW_QUEUE,
        workflowsPath: `${CHECKOUT}/dist/workflows`,
        activities: world.activities(),
      }),
    );
    world.stops.push(
      () => connection.close(),
      () => native.close(),
    );
    await world.work();
    return world;
  }

  /** Starts a worker. @returns how it is stopped */
  async work(): Promise<() => Promise<void>> {
    const worker = await this.startWorker();
    const running = worker.run();
    const stop = async (): Promise<void> => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    };
    this.stops.unshift(stop);
    return stop;
  }

  async close(): Promise<void> {
    for (const stop of this.stops) await stop();
  }

  /** Stops every worker. */
  async rest(): Promise<void> {
    for (const stop of this.stops.slice(0, -2)) await stop();
  }

  /** Starts a release; `early` is a signal that is there before its first line runs. */
  async release(
    told: Told = {},
    early?: { readonly signal: string; readonly payload: unknown },
  ): Promise<ToldRelease> {
    const id = `release-shop-${randomBytes(4).toString('hex')}`;
    this.told.set(id, told);
    const order = { package: PACKAGE, scope: 'full', target: 'production', requester: 'lead-a' };
    const options = { workflowId: id, taskQueue: WORKFLOW_QUEUE, args: [order] };
    await (early === undefined
      ? this.client.workflow.start('release', options)
      : this.client.workflow.signalWithStart('release', {
          ...options,
          signal: early.signal,
          signalArgs: [early.payload],
        }));
    const handle = this.client.workflow.getHandle<typeof release>(id);
    return new ToldRelease(handle);
  }

  private activities(): Record<string, (input: never) => unknown> {
    const entries = Object.keys(WELL).map((name) => [name, (input: never) => this.act(name, input)] as const);
    return Object.fromEntries(entries);
  }

  private async act(name: string, input: never): Promise<unknown> {
    const told = this.told.get(Context.current().info.workflowExecution?.workflowId ?? '') ?? {};
    const work: unknown = Reflect.get(told, name) ?? Reflect.get(WELL, name);
    return typeof work === 'function' ? await Reflect.apply(work, undefined, [input]) : undefined;
  }
}

/** A release under test. */
export class ToldRelease {
  private keys = 0;
  constructor(readonly handle: WorkflowHandle<typeof release>) {}

  result(): Promise<ReleaseOutcome> {
    return this.handle.result();
  }

  status(): Promise<Status> {
    return this.handle.query<Status>('status');
  }

  acts(): Promise<readonly RecordedAct[]> {
    return this.handle.query<readonly RecordedAct[]>('acts');
  }

  /** Waits for a fact of the status. */
  async until(fact: (status: Status) => boolean): Promise<Status> {
    for (;;) {
      const status = await this.status();
      if (fact(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 20)); // asked again: the fact is waited for
    }
  }

  atGate(): Promise<Status> {
    return this.until((status) => status.stage.startsWith('gate before') && status.waitingFor.length > 0);
  }

  async signal(name: string, change: Readonly<Record<string, unknown>> = {}): Promise<void> {
    this.keys += 1;
    await this.handle.signal(name, {
      key: `key-0000${this.keys}`,
      gate: 'rollout',
      digest: PACKAGE.digest,
      as: 'dba-a',
      reason: 'said so',
      ...change,
    });
  }
}

/** The audit of an order: this plan, and a target of this policy. */
export function audited(
  change: Partial<ReleasePlan> = {},
  policy: object = {},
): Required<Told>['auditOrder'] {
  return ({ targets }) => ({
    plan: plan({ gates: [ROLLOUT], ...change }),
    targets: targets.map((name) => ({
      name,
      kind: name === 'clone-host' ? ('clone-host' as const) : ('database' as const),
      queue: WORKFLOW_QUEUE,
      protected: true,
      registered: true,
      policy: Policy.parse({ gates: [{ id: 'policy', before: 'first' }], ...policy }),
    })),
  });
}

/** A look at a target: what was asked for, all well; every gate open. */
export function seen({ gates, schema }: Sight, change: Partial<Observation> = {}): Observation {
  const readings = gates.map(({ gate, opens }) => ({ gate, open: true, value: 1, opens, readAt: '' }));
  return { checks: [], metrics: {}, readings, schema: schema ? SUMMARY : null, mutations: 0, ...change };
}
