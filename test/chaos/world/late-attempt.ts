import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { workerEnvironment } from './spare-worker';
import type { World } from './world';

const run = promisify(execFile);

/** The activity as the build has it, without the worker that would hear that nobody wants it any more. */
const SCRIPT = `
const { createRequire } = require('node:module');
const dist = createRequire(process.argv[1] + '/dist/');
const { createActivities } = dist('./activities/activities.js');
const { readWorkerSettings } = dist('./worker/settings.js');
const { folderStore } = dist('./package/store.js');
const { MockActivityEnvironment } = dist('@temporalio/testing');
const settings = readWorkerSettings(process.env);
const world = { ...settings, store: folderStore(settings.storeRoot) };
new MockActivityEnvironment().run(createActivities(world).applyTier, JSON.parse(process.argv[2])).then(
  ({ outcome }) => process.stdout.write(JSON.stringify({ outcome })),
  (error) => process.stdout.write(JSON.stringify({ outcome: error.type || String(error) })),
).finally(() => process.exit());`;

/** Makes one attempt that was asked for long ago. @returns how it ended: its outcome, or its failure's code */
export async function makeLateAttempt(world: World, attempt: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['-e', SCRIPT, world.build, attempt], {
    cwd: world.build,
    env: workerEnvironment(world),
  });
  return z.object({ outcome: z.string() }).parse(JSON.parse(stdout)).outcome;
}
