import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { sendAct } from '../../src/client/act';
import { withTemporal } from '../../src/client/connection';
import type { Temporal } from '../../src/client/connection';
import { listWorkflows } from '../../src/client/listing';
import { readOutcome } from '../../src/client/outcome';
import { resolveReference } from '../../src/client/reference';
import { plainPlace } from '../../src/client/server-place';
import { startRelease } from '../../src/client/start';
import { look } from '../../src/client/watching';
import { shortIdOf } from '../../src/core/rules/contract';
import { registerSearchAttributes } from '../../src/embedded/search-attribute-registration';
import { sharedTemporal } from '../support/temporal';

/** A namespace of its own: the workers of other tests must not take what is started here. */
const NAMESPACE = 'without-worker';
const ORDER = {
  package: { name: 'shop', version: '7', digest: 'a'.repeat(64) },
  scope: 'full',
  target: 'production',
  requester: 'lead-a',
};

describe('a release that no worker works on', () => {
  let address = '';

  beforeAll(async () => {
    address = (await sharedTemporal()).address;
    await makeNamespace(address);
  });

  it('is started, found and listed with what it carries', async () => {
    await withServer(async (temporal) => {
      const id = await startRelease(temporal, ORDER, { gates: ['rollout'] });
      const found = await resolveReference(temporal, id, { use: 'write', kinds: ['release'] });
      expect(found).toMatchObject({
        id,
        kind: 'release',
        state: 'running',
        package: 'shop',
        version: '7',
        digest: ORDER.package.digest,
        target: 'production',
        requester: 'lead-a',
        stage: 'started',
      });
      const listed = await eventually(() => listWorkflows(temporal, 'open'), id);
      expect(listed).toContain(id);
      const short = await resolveReference(temporal, shortIdOf(id), { use: 'read', kinds: ['release'] });
      expect(short.id).toBe(id);
    });
  });

  it('shows in the Temporal UI how to approve it', async () => {
    await withServer(async (temporal) => {
      const id = await startRelease(temporal, ORDER, { gates: ['rollout'] });
      const described = await temporal.client.workflow.getHandle(id).describe();
      expect(await described.staticSummary()).toBe('shop 7 → production, scope full, for lead-a');
      const details = await described.staticDetails();
      expect(details).toContain(`one-roof approve ${id} --gate rollout --digest ${ORDER.package.digest}`);
    });
  });

  it('keeps an act that it cannot answer yet, and says so', async () => {
    await withServer(async (temporal) => {
      const id = await startRelease(temporal, ORDER, { gates: [] });
      const payload = { key: 'key-of-lead-a', as: 'lead-a', reason: 'not today' };
      const answer = await sendAct(temporal, id, { act: 'abort', payload });
      expect(answer).toMatchObject({ answer: 'not answered' });
      const { events } = await temporal.client.workflow.getHandle(id).fetchHistory();
      const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
      expect(signals).toContain('abort');
    });
  });

  it('is seen as one whose worker is silent, never waited for in silence', async () => {
    await withServer(async (temporal) => {
      const id = await startRelease(temporal, ORDER, { gates: [] });
      const seen = await look(temporal, id);
      expect(seen).toMatchObject({ status: undefined, silent: { who: 'worker' }, ended: false });
    });
  });

  it('takes no act after its end, and tells how it ended', async () => {
    await withServer(async (temporal) => {
      const id = await startRelease(temporal, ORDER, { gates: [] });
      await temporal.client.workflow.getHandle(id).terminate('of the test');
      const payload = { key: 'key-of-lead-a', as: 'lead-a', reason: 'not today' };
      await expect(sendAct(temporal, id, { act: 'abort', payload })).rejects.toMatchObject({
        code: 'RELEASE_CLOSED',
      });
      await expect(readOutcome(temporal, id)).rejects.toThrow(`${id} was terminated in Temporal`);
    });
  });

  it('does not exist where its id is unknown', async () => {
    await withServer(async (temporal) => {
      const found = resolveReference(temporal, 'release-shop-zzzzzz', { use: 'read', kinds: ['release'] });
      await expect(found).rejects.toMatchObject({ code: 'REFERENCE_UNKNOWN' });
    });
  });

  async function withServer(work: (temporal: Temporal) => Promise<void>): Promise<void> {
    await withTemporal(plainPlace(address, NAMESPACE), work);
  }
});

async function makeNamespace(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace: NAMESPACE,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    await until(async () => {
      await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
      await registerSearchAttributes(connection, NAMESPACE);
    });
  } finally {
    await connection.close();
  }
}

/** The server's caches learn of a namespace a moment later. */
async function until(work: () => Promise<void>): Promise<void> {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

async function eventually(
  list: () => Promise<readonly { readonly id: string }[]>,
  wanted: string,
): Promise<readonly string[]> {
  const end = Date.now() + 10_000;
  for (;;) {
    const ids = (await list()).map(({ id }) => id);
    if (ids.includes(wanted) || Date.now() > end) return ids;
  }
}
