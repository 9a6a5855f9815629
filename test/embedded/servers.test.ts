import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client as TemporalClient } from '@temporalio/client';
import { down, up } from '../../src/embedded/embedded';
import type { Step } from '../../src/embedded/embedded';
import { isListening } from '../../src/embedded/ports';
import { clusterState, superuserUrl } from '../../src/embedded/postgres-cluster';
import { findByMarker, isRunning } from '../../src/embedded/process-identity';
import type { ProcessIdentity } from '../../src/embedded/process-identity';
import type { DaemonState } from '../../src/embedded/process';
import { secret } from '../../src/embedded/state';
import { status } from '../../src/embedded/status';
import { temporalState, withConnection } from '../../src/embedded/temporal-server';
import { waitUntil } from '../../src/embedded/wait';
import { withClient } from '../support/database';
import { bareOptions, temporaryCheckout } from './state-places';

jest.setTimeout(120_000);

describe('the embedded servers', () => {
  const { state, remove } = temporaryCheckout();
  const options = bareOptions(state);

  afterAll(async () => {
    await down(options);
    remove();
  });

  it('start, and answer at the addresses that are told', async () => {
    const { temporal, postgres } = await up(options);
    expect(await isListening(postgres.port)).toBe(true);
    expect(await databases()).toContain('postgres');
    const retention = await withConnection(temporal.address, async ({ workflowService }) => {
      const answer = await workflowService.describeNamespace({ namespace: temporal.namespace });
      return Number(answer.config?.workflowExecutionRetentionTtl?.seconds);
    });
    expect(retention).toBe(90 * 86_400);
    expect((await fetch(temporal.ui ?? '')).ok).toBe(true);
  });

  it('take workflows by the search attributes at once', async () => {
    const id = await startWorkflow('with-attributes');
    expect(id).toBe('with-attributes');
  });

  it('are found running by a second up, which starts nothing', async () => {
    const before = await pids();
    const steps: Step[] = [];
    const begun = Date.now();
    await up({ ...options, onStep: (step) => steps.push(step) });
    expect(Date.now() - begun).toBeLessThan(3_000);
    expect(steps.filter((step) => step.state === 'done').map((step) => step.note)).toEqual([
      'was running',
      'was running',
    ]);
    expect(await pids()).toEqual(before);
  });

  it('are healed by up after a kill -9, with the same addresses and all their data', async () => {
    await withClient(superuserUrl(state, 'postgres'), (client) =>
      client.query('create table kept as select 42 as answer'),
    );
    await startWorkflow('kept');
    const before = await up(options);
    await kill(clusterState(state));
    await kill(temporalState(state));
    expect((await status(state, options.toolchain)).slice(0, 2).map((server) => server.state)).toEqual([
      'stale',
      'stale',
    ]);

    const after = await up(options);

    expect(after).toEqual(before);
    const kept = await withClient(superuserUrl(state, 'postgres'), (client) =>
      client.query('select answer from kept'),
    );
    expect(kept.rows).toEqual([{ answer: 42 }]);
    expect(await workflowStatus('kept')).toBe('RUNNING');
  });

  it('are known by their marks when the records are lost', async () => {
    const before = await pids();
    for (const name of ['postgres', 'temporal'])
      writeFileSync(join(state.processes, `${name}.json`), 'damaged');
    await up(options);
    expect(await pids()).toEqual(before);
  });

  it('are started once by two ups at the same time', async () => {
    await down(options);
    const [one, other] = await Promise.all([up(options), up(options)]);
    expect(other).toEqual(one);
  });

  it('run with folders and secrets that nobody else can read', () => {
    secret(state, 'postgres');
    const modes = [
      state.postgres,
      state.secrets,
      join(state.secrets, 'postgres'),
      join(state.logs, 'postgres.log'),
    ];
    expect(modes.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
      '700',
      '700',
      '600',
      '600',
    ]);
  });

  it('leave no process, no port and no record after down', async () => {
    const { temporal, postgres } = await up(options);
    const ports = [
      postgres.port,
      Number(temporal.address.split(':')[1]),
      Number(new URL(temporal.ui ?? '').port),
    ];
    await down(options);
    expect(await Promise.all(ports.map(isListening))).toEqual([false, false, false]);
    expect(findByMarker({ program: 'postgres', argument: join(state.postgres, 'data') })).toBeUndefined();
    expect(findByMarker({ program: 'temporal', argument: state.temporalFile })).toBeUndefined();
    expect(existsSync(join(state.processes, 'postgres.json'))).toBe(false);
  });

  it('initialise again what an interrupted initdb has left', async () => {
    const half = temporaryCheckout();
    const left = join(half.state.postgres, 'data.partial-0badf00d');
    writeFileSync(left, 'half');
    chmodSync(left, 0o600);
    await up(bareOptions(half.state));
    expect(existsSync(left)).toBe(false);
    await down(bareOptions(half.state));
    half.remove();
  });

  async function pids(): Promise<readonly (number | null)[]> {
    return (await status(state, options.toolchain)).map((server) => server.pid);
  }

  async function databases(): Promise<readonly string[]> {
    const answer = await withClient(superuserUrl(state, 'postgres'), (client) =>
      client.query<{ datname: string }>('select datname from pg_database'),
    );
    return answer.rows.map((row) => row.datname);
  }

  async function startWorkflow(workflowId: string): Promise<string> {
    const { temporal } = await up(options);
    return await withConnection(temporal.address, async (connection) => {
      const { workflow } = new TemporalClient({ connection });
      const handle = await workflow.start('nobody-runs-it', {
        workflowId,
        taskQueue: 'none',
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- the form that names attributes by plain words
        searchAttributes: { OneRoofPackage: ['p'], OneRoofGate: ['g'] },
      });
      return handle.workflowId;
    });
  }

  async function workflowStatus(workflowId: string): Promise<string> {
    const { temporal } = await up(options);
    return await withConnection(temporal.address, async (connection) => {
      const { workflow } = new TemporalClient({ connection });
      return (await workflow.getHandle(workflowId).describe()).status.name;
    });
  }

  async function kill(found: DaemonState): Promise<void> {
    const victim = processOf(found);
    process.kill(victim.pid, 'SIGKILL');
    expect(await waitUntil(() => !isRunning(victim), 10_000)).toBe(true);
  }

  function processOf(found: DaemonState): ProcessIdentity {
    if (found.state !== 'running') throw new Error(`it is ${found.state}`);
    return found.process;
  }
});
