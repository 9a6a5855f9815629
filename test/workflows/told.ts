import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { WORKFLOW_QUEUE } from '../../src/core/rules/contract';
import type { RecordedAct } from '../../src/core/schema/act';
import type { GoldenOrder, GoldenOutcome } from '../../src/core/schema/golden';
import type { ReleaseOrder } from '../../src/core/schema/order';
import type { ReleaseOutcome, Status } from '../../src/core/schema/outcome';
import { DEPLOYMENT, makeCurrent } from '../../src/worker/deployment';
import { freshNamespace } from './namespace';
import type { gateMonitor, golden, rehearsal, release, scopeEvaluation } from '../../src/workflows';
import type { Subscription } from '../../src/workflows/gate-monitor';
import { CHECKOUT, sharedTemporal } from '../support/temporal';
import { PACKAGE } from '../support/prepared';
import { WELL } from './well';
import type { Told } from './well';

/** A real Temporal server and a real worker; only the activities are told what to do. */
export class ToldWorld {
  private readonly told = new Map<string, Told>();
  private readonly asked = new Map<string, readonly string[]>();
  private readonly stops: (() => Promise<void>)[] = [];
  private constructor(
    private readonly client: Client,
    /** Where a command line finds it. */
    readonly place: { readonly address: string; readonly namespace: string },
    private readonly startWorker: (build: string | null) => Promise<Worker>,
  ) {}

  /** `build`: null, and the worker is of no version. */
  static async open(build: string | null = null): Promise<ToldWorld> {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const { address } = await sharedTemporal();
    const connection = await Connection.connect({ address });
    const namespace = await freshNamespace(connection);
    const native = await NativeConnection.connect({ address });
    const world: ToldWorld = new ToldWorld(
      new Client({ connection, namespace }),
      { address, namespace },
      (of) =>
        Worker.create({
          connection: native,
          namespace,
          taskQueue: WORKFLOW_QUEUE,
          workflowsPath: `${CHECKOUT}/dist/workflows`,
          activities: world.activities(),
          ...versioned(of),
        }),
    );
    world.stops.push(
      () => connection.close(),
      () => native.close(),
    );
    await world.work(build);
    return world;
  }

  /** Starts a worker; one of a build becomes the current one. @returns how it is stopped */
  async work(build: string | null = null): Promise<() => Promise<void>> {
    const worker = await this.startWorker(build);
    const running = worker.run();
    const { connection } = this.client;
    if (build !== null && connection instanceof Connection)
      await makeCurrent({ connection, namespace: this.client.options.namespace }, build);
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
    { early, order: change }: { readonly early?: Early; readonly order?: Partial<ReleaseOrder> } = {},
  ): Promise<ToldRelease> {
    const id = `release-shop-${randomBytes(4).toString('hex')}`;
    this.told.set(id, told);
    const order = { package: PACKAGE, scope: 'full', target: 'production', requester: 'lead-a', ...change };
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

  /** Starts a rehearsal that goes as it is told. */
  async rehearsal(told: Told = {}): Promise<WorkflowHandle<typeof rehearsal>> {
    const id = `rehearsal-shop-${randomBytes(4).toString('hex')}`;
    this.told.set(id, told);
    const order = { package: PACKAGE, scope: 'full', source: 'production', cloneHost: 'clone-host' };
    const options = { workflowId: id, taskQueue: WORKFLOW_QUEUE, args: [order] };
    await this.client.workflow.start('rehearsal', options);
    return this.client.workflow.getHandle<typeof rehearsal>(id);
  }

  /** Starts an evaluation of a part and the whole; its rehearsals, whose ids end in a number more, go as it is told. */
  async evaluation(
    told: Told = {},
    scopes: readonly string[] = ['part', 'full'],
  ): Promise<WorkflowHandle<typeof scopeEvaluation>> {
    const short = randomBytes(4).toString('hex');
    const id = `evaluation-shop-${short}`;
    this.told.set(id, told);
    for (const number of [1, 2, 3]) this.told.set(`rehearsal-shop-${short}${number}`, told);
    const order = { package: PACKAGE, scopes, source: 'production', cloneHost: 'clone-host' };
    const options = { workflowId: id, taskQueue: WORKFLOW_QUEUE, args: [order] };
    await this.client.workflow.start('scopeEvaluation', options);
    return this.client.workflow.getHandle<typeof scopeEvaluation>(id);
  }

  /** A workflow that another one has started. */
  started(id: string): WorkflowHandle {
    return this.client.workflow.getHandle(id);
  }

  /** An act on a golden. @returns what was asked of whom, in its order, and how it ended */
  async golden(
    act: GoldenOrder['act'],
    told: Told = {},
  ): Promise<{ asked: readonly string[]; outcome: GoldenOutcome; handle: WorkflowHandle<typeof golden> }> {
    const workflowId = `golden-clone-host-${randomBytes(4).toString('hex')}`;
    this.told.set(workflowId, told);
    const order: GoldenOrder = { act, host: 'clone-host', name: 'kept', force: false };
    await this.client.workflow.start('golden', { workflowId, taskQueue: WORKFLOW_QUEUE, args: [order] });
    const handle = this.client.workflow.getHandle<typeof golden>(workflowId);
    const outcome = await handle.result();
    return { asked: this.asked.get(workflowId) ?? [], outcome, handle };
  }

  /** Starts a gate monitor for one subscription, whoever has sent it. */
  async monitor(told: Told, subscription: Subscription): Promise<WorkflowHandle<typeof gateMonitor>> {
    const workflowId = `gate-monitor-${randomBytes(4).toString('hex')}`;
    this.told.set(workflowId, told);
    const order = { target: 'production', queue: WORKFLOW_QUEUE, every: '1h', subscriptions: [subscription] };
    await this.client.workflow.start('gateMonitor', { workflowId, taskQueue: WORKFLOW_QUEUE, args: [order] });
    return this.client.workflow.getHandle<typeof gateMonitor>(workflowId);
  }

  /** Starts a gate monitor that goes on while nobody waits. */
  async keptMonitor(told: Told): Promise<WorkflowHandle<typeof gateMonitor>> {
    const workflowId = `gate-monitor-${randomBytes(4).toString('hex')}`;
    this.told.set(workflowId, told);
    const order = { target: 'production', queue: WORKFLOW_QUEUE, every: '1h', subscriptions: [] };
    await this.client.workflow.signalWithStart('gateMonitor', {
      workflowId,
      taskQueue: WORKFLOW_QUEUE,
      args: [order],
      signal: 'keep',
      signalArgs: [{ as: 'lead-a', watched: null }],
    });
    return this.client.workflow.getHandle<typeof gateMonitor>(workflowId);
  }

  private activities(): Record<string, (input: never) => unknown> {
    const entries = Object.keys(WELL).map((name) => [name, (input: never) => this.act(name, input)] as const);
    return Object.fromEntries(entries);
  }

  private async act(name: string, input: never): Promise<unknown> {
    const id = Context.current().info.workflowExecution?.workflowId ?? '';
    const told = this.told.get(id) ?? {};
    this.asked.set(id, [...(this.asked.get(id) ?? []), name]);
    const work: unknown = Reflect.get(told, name) ?? Reflect.get(WELL, name);
    return typeof work === 'function' ? await Reflect.apply(work, undefined, [input]) : undefined;
  }
}

function versioned(buildId: string | null): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (buildId === null) return {};
  const version = { deploymentName: DEPLOYMENT, buildId };
  return {
    workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior: 'PINNED' },
  };
}

interface Early {
  readonly signal: string;
  readonly payload: unknown;
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
