import { judgeStep } from '../../core/rules/judge-step';
import type { StepFinding } from '../../core/rules/judge-step';
import type { Fingerprint, RollbackVerdict } from '../../core/schema/fingerprint';
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
    const state = await bench.copy();
    for (const step of steps) {
      const proof = { id: step.id, ...(await proveStep(bench, state, step)) };
      proofs.push(proof);
      onProof(proof);
    }
    return proofs;
  });
}

/**
 * Proves first and applies afterwards: while a step is rolled back on its copy no other database holds what it made, so
 * that its roles can be dropped; and what was applied to the copy can be applied to the state itself.
 */
async function proveStep(bench: Workbench, state: string, { up, down }: ProvableStep): Promise<StepFinding> {
  if (up === undefined) return saying('missing', 'nothing applies it');
  const proven = await proveRollback(bench, state, { up, down });
  if ('notApplied' in proven) return notApplied(proven.notApplied);
  const failure = await failureOf(bench, state, up);
  return failure === undefined ? proven : notApplied(failure);
}

interface Ways {
  readonly up: Read;
  readonly down: Read | undefined;
}

interface NotApplied {
  readonly notApplied: string;
}

/** Once where that gives back what was there; twice where it does not, for the difference may come from the step itself. */
async function proveRollback(bench: Workbench, state: string, ways: Ways): Promise<StepFinding | NotApplied> {
  const run = (): Promise<StepFinding | NotApplied | { readonly after: Fingerprint }> =>
    bench.withCopy(state, (copy) => runBothWays(bench, copy, ways));
  const once = await run();
  if (!('after' in once)) return once;
  const before = await bench.fingerprint(state);
  const { after } = once;
  const found = judgeStep({ before, after, again: after });
  if (found.differences.length === 0) return found;
  const again = await run();
  const judged = 'after' in again ? judgeStep({ before, after, again: again.after }) : found;
  return (await isEmpty(ways.down)) ? { ...judged, differences: [EMPTY, ...judged.differences] } : judged;
}

const EMPTY = 'its rollback holds no statement';

async function isEmpty(read: Read | undefined): Promise<boolean> {
  return (await read?.())?.statements.length === 0;
}

/** The fingerprint after a step and its rollback, or why there is none. */
async function runBothWays(
  bench: Workbench,
  database: string,
  { up, down }: Ways,
): Promise<StepFinding | NotApplied | { readonly after: Fingerprint }> {
  const notApplied = await failureOf(bench, database, up);
  if (notApplied !== undefined) return { notApplied };
  if (down === undefined) return saying('missing', 'nothing rolls it back');
  const notRolledBack = await failureOf(bench, database, down);
  if (notRolledBack !== undefined) return saying('does not run', `rolling it back: ${notRolledBack}`);
  return { after: await bench.fingerprint(database) };
}

function notApplied(why: string): StepFinding {
  return saying('does not run', `applying it: ${why}`);
}

function saying(verdict: RollbackVerdict, line: string): StepFinding {
  return { verdict, differences: [line], more: 0 };
}
