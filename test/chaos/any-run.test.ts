import fc from 'fast-check';
import { CHECKOUT } from '../support/temporal';
import { withStockedWorld } from './harness';
import { progressLine } from './report';
import { anyRun } from './run/arbitrary';
import { conduct } from './run/conduct';

/** `npm run chaos:model` has more of them, and another seed each time. */
const RUNS = Number(process.env['ONE_ROOF_MODEL_RUNS'] ?? '3');
const SEED = Number(process.env['ONE_ROOF_MODEL_SEED'] ?? '6');
const RUN_LIMIT_MS = 240_000;

jest.setTimeout(120_000 + RUNS * RUN_LIMIT_MS);

describe('any sequence of faults and of people’s commands', () => {
  it('ends as it may, and the databases agree', async () => {
    await withStockedWorld(CHECKOUT, async (world, stocked) => {
      const holds = async (plan: Parameters<typeof conduct>[2]): Promise<void> => {
        const result = await conduct(world, stocked, plan);
        process.stderr.write(`${progressLine(result)}\n`);
        expect(result.violations).toEqual([]);
      };
      await fc.assert(fc.asyncProperty(anyRun(), holds), { numRuns: RUNS, seed: SEED, endOnFailure: true });
    });
  });
});
