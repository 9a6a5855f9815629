import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { z } from 'zod';
import { isFailureCode } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import { EvaluationOutcome } from '../core/schema/evaluation';
import { RehearsalOutcome, ReleaseOutcome } from '../core/schema/outcome';
import type { Temporal } from './connection';
import { findWorkflow } from './listing';
import type { ListedWorkflow } from './listing';

/** How a rehearsal, a release or an evaluation ended: the document that its workflow returned. */
export type Outcome = RehearsalOutcome | ReleaseOutcome | EvaluationOutcome;

const AnyOutcome = z.discriminatedUnion('kind', [RehearsalOutcome, ReleaseOutcome, EvaluationOutcome]);
const FailureDetails = z.looseObject({ hint: z.string().optional() });

/**
 * Reads how a workflow that has ended did end; no worker is needed. Waits where it has not.
 * @throws the workflow's own failure by its code, where it returned nothing
 */
export async function readOutcome(temporal: Temporal, id: string): Promise<Outcome> {
  try {
    const result: unknown = await temporal.client.workflow.result(id);
    return AnyOutcome.parse(result);
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof TerminatedFailure)
      throw terminated(id, error.cause, await findWorkflow(temporal, id));
    throw asOutcomeError(error, id);
  }
}

/** A failed workflow in our words: the innermost failure that bears one of our codes. */
function asOutcomeError(error: unknown, id: string): unknown {
  if (error instanceof z.ZodError) {
    return new ReleaseError('INTERNAL', `${id} returned what is no outcome: ${z.prettifyError(error)}`, {
      cause: error,
    });
  }
  if (!(error instanceof WorkflowFailedError)) return error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) {
    return new ReleaseError('ABORTED', `${id} was cancelled: ${cause.message}`, { cause });
  }
  return (
    codedFailure(cause, id) ?? new ReleaseError('INTERNAL', `${id} failed: ${messageOf(cause)}`, { cause })
  );
}

/** Terminating skips the rollback: where it might have left something, and the command that looks there. */
function terminated(id: string, cause: TerminatedFailure, found: ListedWorkflow | undefined): ReleaseError {
  const stage = found?.stage ?? null;
  const at = stage === null ? '' : `, at stage ${stage}`;
  const { left, hint } = found?.kind === 'release' ? leftByRelease(found.target) : leftByRehearsal();
  return new ReleaseError('ABORTED', `${id} was terminated in Temporal${at}: ${cause.message}\n${left}`, {
    hint,
    details: { id, state: 'terminated', stage, target: found?.target ?? null },
    cause,
  });
}

function leftByRelease(target: string | null | undefined): { left: string; hint: string } {
  const where = target ?? 'its target';
  return {
    left: `Terminating skips the rollback: the ledger of ${where} may still show it as open, which keeps other releases out, and tiers of it may be in effect.`,
    hint: `\`one-roof recover ${target ?? 'TARGET'}\` shows what it has left, and rolls it back or lets it go on.`,
  };
}

function leftByRehearsal(): { left: string; hint: string } {
  return {
    left: 'Terminating skips the clean-up: its clone may still be on the clone host.',
    hint: '`one-roof clones list` shows what is left, `one-roof clones drop NAME` drops it.',
  };
}

function codedFailure(failure: unknown, id: string): ReleaseError | undefined {
  if (!(failure instanceof Error)) return undefined;
  const { type, details } = failure instanceof ApplicationFailure ? failure : { type: null, details: [] };
  if (typeof type !== 'string' || !isFailureCode(type)) return codedFailure(failure.cause, id);
  const told = FailureDetails.safeParse(details?.[0]).data;
  const { hint, ...more } = told ?? {};
  return new ReleaseError(type, `${id}: ${failure.message}`, {
    ...(hint === undefined ? {} : { hint }),
    details: more,
    cause: failure,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
