import { chaos } from '../harness';
import { progressLine } from '../report';
import { buildMutant } from './mutated-build';
import { MUTANTS } from './mutants';

const RUNS = 300;
const SEED = 1;

jest.setTimeout(3_600_000);

/** `npm run chaos:mutants`: what the harness is worth. It takes minutes a mutant. */
describe('the harness', () => {
  it.each(MUTANTS)('finds a violation where the product lacks $lacks', async (mutant) => {
    const { folder, remove } = await buildMutant(mutant);
    try {
      const results = await chaos({
        runs: RUNS,
        seed: SEED,
        lanes: 1,
        build: folder,
        wish: mutant.wish,
        untilViolation: true,
        tell: (result) => process.stderr.write(`${progressLine(result)}\n`),
      });
      expect(results.flatMap(({ violations }) => violations)).not.toEqual([]);
    } finally {
      remove();
    }
  });
});
