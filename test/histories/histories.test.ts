import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { z } from 'zod';
import { CHECKOUT } from '../support/temporal';
import { SCENARIOS } from './scenarios';

const History = z.looseObject({
  events: z.array(
    z.looseObject({
      eventType: z.string(),
      activityTaskScheduledEventAttributes: z
        .looseObject({ activityType: z.looseObject({ name: z.string() }) })
        .optional(),
      workflowExecutionStartedEventAttributes: z.looseObject({ workflowId: z.string() }).optional(),
    }),
  ),
});

beforeAll(() => Runtime.install({ logger: new DefaultLogger('ERROR') }));

function read(name: string): z.infer<typeof History> {
  return History.parse(JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8')));
}

function replay(history: z.infer<typeof History>): Promise<void> {
  const options = { workflowBundle: { codePath: join(CHECKOUT, 'dist', 'workflow-bundle.js') } };
  const id = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId; // signatures name it
  return Worker.runReplayHistory(options, temporal.api.history.v1.History.fromObject(history), id);
}

/** A release that runs must be able to go on after an upgrade: what was recorded is decided again just so. */
describe('a recorded history', () => {
  it('is kept of every scenario, and of nothing else', () => {
    const kept = readdirSync(__dirname).filter((file) => file.endsWith('.json'));
    expect(kept.map((file) => file.replace('.json', ''))).toEqual(Object.keys(SCENARIOS).sort());
  });

  it.each(Object.keys(SCENARIOS))('%s is replayed', async (name) => {
    await expect(replay(read(name))).resolves.toBeUndefined();
  });

  it('in which two activities have changed places is not', async () => {
    const history = read('release-released');
    const asked = history.events.flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
    const [first, second] = [asked[0]?.activityType, asked[1]?.activityType];
    expect(first?.name).not.toBe(second?.name);
    if (first !== undefined && second !== undefined) [first.name, second.name] = [second.name, first.name];
    await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
  });
});
