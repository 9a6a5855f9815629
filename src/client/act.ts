import type {
  ActName,
  ApprovalPayload,
  ControlPayload,
  DecisionPayload,
  RecordedAct,
} from '../core/schema/act';
import { ReleaseError } from '../core/rules/release-error';
import type { Temporal } from './connection';
import { readOutcome } from './outcome';
import { pause } from './pause';
import { askActs } from './question';
import { isNotFound, silenceOf } from './rpc-error';

/** A human act on its way: a signal's name and payload. The key finds its answer and makes a repetition harmless. */
export interface Act {
  readonly act: ActName;
  readonly payload: ApprovalPayload | ControlPayload | DecisionPayload;
}

/** What became of an act. `not answered` is kept by the server, and answered when a worker is back. */
export type ActAnswer =
  | { readonly answer: 'accepted' | 'refused'; readonly recorded: RecordedAct }
  | { readonly answer: 'not recorded'; readonly why: string }
  | { readonly answer: 'not answered'; readonly why: string };

const ANSWER_LIMIT_MS = 10_000;
const ASK_AGAIN_MS = 150;

/**
 * Sends an act as a signal, which survives a missing worker, and waits for its answer by its key.
 * @throws RELEASE_CLOSED where the workflow has ended
 */
export async function sendAct(temporal: Temporal, id: string, act: Act): Promise<ActAnswer> {
  try {
    await temporal.client.workflow.getHandle(id).signal(act.act, act.payload);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ReleaseError('RELEASE_CLOSED', `${id} has ended: it takes no ${act.act} any more`, {
      hint: '`one-roof status` tells how it ended; start a new one.',
      cause: error,
    });
  }
  return await waitForAnswer(temporal, id, act.payload.key);
}

async function waitForAnswer(temporal: Temporal, id: string, key: string): Promise<ActAnswer> {
  const end = Date.now() + ANSWER_LIMIT_MS;
  for (;;) {
    const answer = await lookForAnswer(temporal, id, key);
    if (answer.answer !== 'not answered' || Date.now() > end) return answer;
    await pause(ASK_AGAIN_MS);
  }
}

async function lookForAnswer(temporal: Temporal, id: string, key: string): Promise<ActAnswer> {
  const acts = await askActs(temporal, id);
  const found = acts.answered ? acts.value?.find((act) => act.key === key) : undefined;
  if (found !== undefined) return answerOf(found);
  if (acts.answered && acts.value === undefined)
    return { answer: 'not recorded', why: `${id} keeps no acts` };
  const last = await lastActs(temporal, id);
  const recorded = last?.find((act) => act.key === key);
  if (recorded !== undefined) return answerOf(recorded);
  if (last !== undefined) return { answer: 'not recorded', why: `${id} ended before it read it` };
  return { answer: 'not answered', why: acts.answered ? 'the workflow has not read it yet' : acts.why };
}

/** The acts of a release that has ended, from its outcome; undefined while it runs, or cannot be asked. */
async function lastActs(temporal: Temporal, id: string): Promise<readonly RecordedAct[] | undefined> {
  try {
    const { status } = await temporal.client.workflow.getHandle(id).describe();
    if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') return undefined;
    const outcome = await readOutcome(temporal, id);
    return outcome.kind === 'release' ? outcome.acts : [];
  } catch (error) {
    if (error instanceof ReleaseError) return [];
    if (silenceOf(error) !== undefined) return undefined;
    throw error;
  }
}

function answerOf(recorded: RecordedAct): ActAnswer {
  return { answer: recorded.accepted ? 'accepted' : 'refused', recorded };
}
