import { compareFingerprints } from '../../core/rules/compare-fingerprints';
import { compareRuns } from '../../core/rules/compare-runs';
import type { Comparison, Fingerprint } from '../../core/schema/fingerprint';
import type { StepProof } from '../../core/schema/proof';
import { failureOf } from './script-run';
import type { ForeignScript } from './script-run';
import { Workbench } from './workbench';
import type { BenchOptions } from './workbench';

type Read = () => Promise<ForeignScript>;

/** A step of a history; its scripts are read when they are run. */
export interface ProvableStep {
  readonly id: string;
  readonly up: Read | undefined;
  readonly down: Read | undefined;
}

/** How proofs are told of while they are made. */
export type OnProof = (proof: StepProof) => void;

/**
 * Applies the steps in order, from an empty database; each is rolled back on a copy, which is compared with what was
 * there before the step. A step that cannot be applied is left out, and the next one meets what was there before it.
 */
export async function proveHistory(
  options: BenchOptions,
  steps: readonly ProvableStep[],
  onProof: OnProof,
): Promise<readonly StepProof[]> {
  return Workbench.open(options, async (bench) => {
    const proofs: StepProof[] = [];
    let state = await bench.copy();
    for (const step of steps) {
      const found = await proveStep(bench, state, step);
      state = found.state;
      const proof = { id: step.id, ...found.comparison };
      proofs.push(proof);
      onProof(proof);
    }
    return proofs;
  });
}

interface Found {
  readonly comparison: Comparison;
  /** The database that the next step meets. */
  readonly state: string;
}

/**
 * Proves first and applies afterwards: while a step is rolled back on its copy no other database holds what it made, so
 * that its roles can be dropped.
 */
async function proveStep(bench: Workbench, state: string, { up, down }: ProvableStep): Promise<Found> {
  if (up === undefined) return { comparison: saying('missing', 'nothing applies it'), state };
  const comparison =
    down === undefined
      ? saying('missing', 'nothing rolls it back')
      : await proveRollback(bench, state, { up, down });
  const applied = await bench.copy(state);
  const failure = await failureOf(bench, applied, up);
  await bench.drop(failure === undefined ? state : applied);
  return failure === undefined
    ? { comparison, state: applied }
    : { comparison: saying('does not run', `applying it: ${failure}`), state };
}

/** Once where that gives back what was there; twice where it does not, for the difference may come from the step itself. */
async function proveRollback(
  bench: Workbench,
  state: string,
  { up, down }: { readonly up: Read; readonly down: Read },
): Promise<Comparison> {
  const run = (): Promise<Fingerprint | string> =>
    bench.withCopy(state, (copy) => afterScripts(bench, copy, { up, down }));
  const after = await run();
  if (typeof after === 'string') return saying('does not run', after);
  const before = await bench.fingerprint(state);
  const once = compareFingerprints(before, after);
  if (once.verdict === 'identical') return once;
  const again = await run();
  return typeof again === 'string' ? once : compareRuns({ before, after, again });
}

/** The fingerprint after a step and its rollback, or which of them does not run, and why. */
async function afterScripts(
  bench: Workbench,
  database: string,
  { up, down }: { readonly up: Read; readonly down: Read },
): Promise<Fingerprint | string> {
  const notApplied = await failureOf(bench, database, up);
  if (notApplied !== undefined) return `applying it: ${notApplied}`;
  const notRolledBack = await failureOf(bench, database, down);
  if (notRolledBack !== undefined) return `rolling it back: ${notRolledBack}`;
  return bench.fingerprint(database);
}

function saying(verdict: Comparison['verdict'], line: string): Comparison {
  return { verdict, differences: [line], more: 0 };
}
