import { parseArgs } from 'node:util';
import { CHECKOUT } from '../support/temporal';
import { chaos } from './harness';
import { progressLine, summary } from './report';

const OPTIONS = {
  runs: { type: 'string', default: '30' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  lanes: { type: 'string', default: '2' },
  build: { type: 'string', default: CHECKOUT },
  scenario: { type: 'string' },
  point: { type: 'string' },
  kind: { type: 'string' },
  'until-violation': { type: 'boolean', default: false },
} as const;

/** `--runs N --seed S`; `--only ID` repeats one run; `--scenario`, `--point` and `--kind` are patterns of what to choose from. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const pattern = (name: 'scenario' | 'point' | 'kind'): Readonly<Record<string, RegExp>> =>
    values[name] === undefined ? {} : { [name]: new RegExp(values[name]) };
  const seed = Number(values.seed);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const results = await chaos({
    runs: Number(values.runs),
    seed,
    ...(values.only === undefined ? {} : { only: Number(values.only) }),
    lanes: Number(values.lanes),
    build: values.build,
    wish: { ...pattern('scenario'), ...pattern('point'), ...pattern('kind') },
    untilViolation: values['until-violation'],
    signal: interrupted.signal,
    tell: (result) => console.log(progressLine(result)),
  });
  console.log(summary(results, seed));
  process.exitCode = results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}
