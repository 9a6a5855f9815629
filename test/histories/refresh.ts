import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { ToldWorld } from '../workflows/told';
import { SCENARIOS } from './scenarios';

/** Not a test: `npm run histories` records each scenario anew, after a change of the workflows that running ones need not survive. */
it.each(Object.entries(SCENARIOS))('%s is recorded', async (name, scenario) => {
  const world = await ToldWorld.open();
  try {
    const handle = await scenario(world);
    const recorded = temporal.api.history.v1.History.fromObject(await handle.fetchHistory());
    const history = temporal.api.history.v1.History.toObject(recorded, READABLE);
    writeFileSync(join(__dirname, `${name}.json`), `${JSON.stringify(history, withoutMachines, 1)}\n`);
  } finally {
    await world.close();
  }
});

const READABLE = { longs: String, enums: String, bytes: String };

/** Who recorded it, and where, is nobody's business. */
const OF_A_MACHINE = ['identity', 'stickyTaskQueue', 'stackTrace'];

function withoutMachines(key: string, value: unknown): unknown {
  return OF_A_MACHINE.includes(key) ? undefined : value;
}
