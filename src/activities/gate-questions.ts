import { effectiveGates, hardQueries } from '../core/rules/effective-gate';
import { keyOfGates } from '../core/rules/gate-facts';
import type { GateQuery } from '../core/schema/attempt';
import type { GatesOf } from '../core/schema/monitor';
import type { GatesAnswer } from '../core/schema/observation';
import { Policy } from '../core/schema/target';
import { planOf } from '../package/plan';
import { readGatesWithin } from '../postgres/gate-reading';
import type { Read } from './reading';
import { findTarget, readPackage } from './world';
import type { World } from './world';

/** Whose hard gates are to be read at a target. */
export interface Asked {
  readonly target: string;
  readonly asked: readonly GatesOf[];
}

/** What is asked for a package in a scope at a target: a digest names its bytes for ever, and a policy lasts as long as its worker. */
export type Questions = Map<string, readonly GateQuery[]>;

/** More packages than wait at one worker's targets at a time: looking one up again costs reading and parsing it. */
const MOST_QUESTIONS = 20_000;

/** Each distinct question once; answers in the order asked. */
export async function readAsked(
  world: World,
  { target, asked, questions }: Asked & { readonly questions: Questions },
  read: Read,
): Promise<{ answers: readonly GatesAnswer[]; mutations: number }> {
  const wanted = await Promise.all(asked.map((each) => queriesOf(world, { target, each, questions })));
  const distinct = new Map(wanted.flatMap(({ queries }) => queries.map((query) => [keyOf(query), query])));
  const { value, mutations } = await read((session) => readGatesWithin(session, [...distinct.values()]));
  const byKey = new Map([...distinct.keys()].map((key, index) => [key, value[index]]));
  const answers = wanted.map(({ queries, unreadable }) => ({
    readings: queries.flatMap((query) => {
      const answer = byKey.get(keyOf(query));
      return answer === undefined ? [] : [{ ...answer, gate: query.gate }];
    }),
    unreadable,
  }));
  return { answers, mutations };
}

interface Queries {
  readonly queries: readonly GateQuery[];
  readonly unreadable: string | null;
}

/** What one who waits may ask; a subscription that names no package of ours gets no answer and spoils nobody else's. */
async function queriesOf(
  world: World,
  { target, each, questions }: { target: string; each: GatesOf; questions: Questions },
): Promise<Queries> {
  const policy = findTarget(world, target).policy ?? Policy.parse({});
  if (each.package === null) return { queries: hardQueries(policy.gates), unreadable: null };
  const key = `${target} ${keyOfGates(each)}`;
  const known = questions.get(key);
  if (known !== undefined) return { queries: known, unreadable: null };
  try {
    const plan = await planOf(await readPackage(world, each.package), each.scope);
    const queries = hardQueries(effectiveGates(plan, policy.gates));
    if (questions.size >= MOST_QUESTIONS) questions.clear();
    questions.set(key, queries);
    return { queries, unreadable: null };
  } catch (error) {
    return { queries: [], unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** Two packages may name different gates alike, or one gate differently. */
function keyOf({ sql, opens }: GateQuery): string {
  return JSON.stringify([sql, opens]);
}
