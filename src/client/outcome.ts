import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { z } from 'zod';
import { isFailureCode } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import { RehearsalOutcome, ReleaseOutcome } from '../core/schema/outcome';
import type { Temporal } from './connection';

/** How a rehearsal or a release ended: the document that its workflow returned. */
export type Outcome = RehearsalOutcome | ReleaseOutcome;

const AnyOutcome = z.discriminatedUnion('kind', [RehearsalOutcome, ReleaseOutcome]);
const FailureDetails = z.looseObject({ hint: z.string().optional() });

/**
 * Reads how a workflow that has ended did end; no worker is needed. Waits where it has not.
 * @throws the workflow's own failure by its code, where it returned nothing
 */
export async function readOutcome({ client }: Temporal, id: string): Promise<Outcome> {
  try {
    const result: unknown = await client.workflow.result(id);
    return AnyOutcome.parse(result);
  } catch (error) {
    throw asOutcomeError(error, id);
  }
}

/** A failed workflow in our words: the innermost failure that bears one of our codes. */
export function asOutcomeError(error: unknown, id: string): unknown {
  if (error instanceof z.ZodError) {
    return new ReleaseError('INTERNAL', `${id} returned what is no outcome: ${z.prettifyError(error)}`, {
      cause: error,
    });
  }
  if (!(error instanceof WorkflowFailedError)) return error;
  const { cause } = error;
  if (cause instanceof TerminatedFailure) return terminated(id, cause);
  if (cause instanceof CancelledFailure) {
    return new ReleaseError('ABORTED', `${id} was cancelled: ${cause.message}`, { cause });
  }
  return (
    codedFailure(cause, id) ?? new ReleaseError('INTERNAL', `${id} failed: ${messageOf(cause)}`, { cause })
  );
}

function terminated(id: string, cause: TerminatedFailure): ReleaseError {
  return new ReleaseError('ABORTED', `${id} was terminated in Temporal: ${cause.message}`, {
    hint: "Terminating skips the rollback: look into the target's ledger (one_roof.ledger) for the tiers that it left.",
    cause,
  });
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
