import { randomBytes } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { registerSearchAttributes } from '../../src/embedded/search-attribute-registration';

/** A namespace of its own: activities of another test file's releases must not reach this one's worker. */
export async function freshNamespace(connection: Connection): Promise<string> {
  const namespace = `told-${randomBytes(4).toString('hex')}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  for (;;) {
    try {
      await registerSearchAttributes(connection, namespace);
      return namespace;
    } catch {
      await new Promise((resolve) => setImmediate(resolve)); // the server's other parts have not heard of it yet
    }
  }
}
