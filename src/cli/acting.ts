import { randomUUID } from 'node:crypto';
import { sendAct } from '../client/act';
import type { Act, ActAnswer } from '../client/act';
import type { ListedWorkflow } from '../client/listing';
import type { WorkflowKind } from '../core/rules/contract';
import type { Temporal } from '../client/connection';
import { resolveReference } from '../client/reference';
import { ReleaseError } from '../core/rules/release-error';
import type { CommandContext, CommandResult } from './command';
import { confirm } from './confirmation';
import { EXIT_CODES } from './exit-codes';
import { withServer } from './server-choice';

/** A human act as a command gives it: on what, and what is to be agreed to. */
export interface ActRequest {
  readonly id: string;
  readonly kinds: readonly WorkflowKind[];
  readonly act: Act;
  /** Signs the act, once it is agreed to. */
  readonly sign?: (temporal: Temporal, id: string) => Promise<Act>;
  /** What the act leads to, for whom it is about to be done. */
  readonly consequences: (found: ListedWorkflow) => readonly string[];
  readonly agreed: boolean;
}

/** A key for an act that was given none. */
export function freshKey(): string {
  return randomUUID();
}

/**
 * Shows the consequences, sends the act, waits for its answer.
 * @throws NO_WORKER where it is stored and not yet answered
 */
export async function carryOutAct(context: CommandContext, request: ActRequest): Promise<CommandResult> {
  return await withServer(context, async (temporal) => {
    const found = await resolveReference(temporal, request.id, { use: 'write', kinds: request.kinds });
    const { act: asked, sign } = request;
    await confirm(context, {
      lines: request.consequences(found),
      question: `Send ${asked.act} as ${asked.payload.as}?`,
      agreed: request.agreed,
    });
    const act = sign === undefined ? asked : await sign(temporal, found.id);
    return answerResult(found.id, act, await sendAct(temporal, found.id, act));
  });
}

/** What a person reads of the release before acting on it. */
export function subject(found: ListedWorkflow): string {
  const { id, package: name, version, target, scope, requester } = found;
  const asked = requester === null ? '' : `, requested by ${requester}`;
  return `${id}: ${name ?? '?'} ${version ?? '?'} → ${target ?? '?'}, scope ${scope ?? '?'}${asked}`;
}

/** The document of an act; its exit code is the answer. @throws NO_WORKER */
export function answerResult(id: string, { act, payload }: Act, answer: ActAnswer): CommandResult {
  const { key, as } = payload;
  const head = { kind: 'act', id, act, key, as };
  switch (answer.answer) {
    case 'accepted':
      return {
        document: { ...head, accepted: true, at: answer.recorded.at },
        text: `${act} by ${as}: accepted`,
        exit: EXIT_CODES.done,
      };
    case 'refused':
      return {
        document: { ...head, accepted: false, at: answer.recorded.at, reason: answer.recorded.reason },
        text: `${act} by ${as}: refused: ${answer.recorded.reason ?? ''}`,
        exit: EXIT_CODES.refused,
      };
    case 'not recorded':
      return {
        document: { ...head, accepted: null, reason: answer.why },
        text: `${act} by ${as}: sent; ${answer.why}`,
        exit: EXIT_CODES.done,
      };
    case 'not answered':
      throw new ReleaseError('NO_WORKER', `${act} by ${as} is stored, not yet answered: ${answer.why}`, {
        details: { ...head },
      });
  }
}
