import type { Temporal } from '../client/connection';
import { milliseconds } from '../core/rules/milliseconds';
import { shortIdOf } from '../core/rules/contract';
import type { WorkflowKind } from '../core/rules/contract';
import type { CommandContext, CommandResult } from './command';
import { EXIT_CODES } from './exit-codes';
import { follow } from './following';

/** What `--detach` says: it has begun, and how to look at it. */
export function startedResult(id: string, kind: WorkflowKind): CommandResult {
  return {
    document: { kind: 'started', workflow: kind, id, shortId: shortIdOf(id) },
    text: `${id} has begun; one-roof watch ${id}`,
    exit: EXIT_CODES.done,
  };
}

/** How long whoever started a release stays with it. */
export interface Stay {
  readonly detach: boolean;
  /** Left out: until its end on a terminal, else until its first wait. */
  readonly until?: 'gate' | 'end' | undefined;
  readonly timeout?: string | undefined;
}

/** Follows a release that has just been started, unless it was to be left alone. */
export async function stayWith(
  context: CommandContext,
  temporal: Temporal,
  { id, detach, until, timeout }: Stay & { readonly id: string },
): Promise<CommandResult> {
  if (detach) return startedResult(id, 'release');
  context.terminal.note(`${id} has begun`);
  return await follow(context, temporal, {
    id,
    until: until ?? (context.terminal.canAsk ? 'end' : 'gate'),
    timeoutMs: timeout === undefined ? undefined : milliseconds(timeout),
  });
}
