import { z } from 'zod';
import { QUERIES } from '../core/rules/contract';
import { RecordedAct } from '../core/schema/act';
import { StageRecord, Status } from '../core/schema/outcome';
import { ReleasePlan } from '../core/schema/plan';
import type { Temporal } from './connection';
import { isUnknownQuery, silenceOf, silenceWords } from './rpc-error';

/** A workflow's answer to a query, or who did not answer. */
export type Answer<T> =
  | { readonly answered: true; readonly value: T }
  | { readonly answered: false; readonly silent: 'server' | 'worker'; readonly why: string };

/** A worker that lives answers in milliseconds; one that has just died is asked in vain for this long. */
const ANSWER_MS = 3_000;

export async function askStatus(temporal: Temporal, id: string): Promise<Answer<Status>> {
  return await ask(temporal, { id, query: QUERIES.status, schema: Status });
}

/** The plan; null before the workflow has made it. */
export async function askPlan(temporal: Temporal, id: string): Promise<Answer<ReleasePlan | null>> {
  return await ask(temporal, { id, query: QUERIES.plan, schema: ReleasePlan.nullable() });
}

export async function askTimeline(temporal: Temporal, id: string): Promise<Answer<readonly StageRecord[]>> {
  return await ask(temporal, { id, query: QUERIES.timeline, schema: z.array(StageRecord) });
}

/** The acts so far; undefined where the workflow keeps none. */
export async function askActs(
  temporal: Temporal,
  id: string,
): Promise<Answer<readonly RecordedAct[] | undefined>> {
  try {
    return await ask(temporal, { id, query: QUERIES.acts, schema: z.array(RecordedAct) });
  } catch (error) {
    if (isUnknownQuery(error)) return { answered: true, value: undefined };
    throw error;
  }
}

interface Question<Schema extends z.ZodType> {
  readonly id: string;
  readonly query: string;
  readonly schema: Schema;
}

/** Asks a query; whoever does not answer is told by name. */
export async function ask<Schema extends z.ZodType>(
  { client, connection }: Temporal,
  { id, query, schema }: Question<Schema>,
): Promise<Answer<z.infer<Schema>>> {
  try {
    const answer = await connection.withDeadline(Date.now() + ANSWER_MS, () =>
      client.workflow.getHandle(id).query<unknown>(query),
    );
    return { answered: true, value: schema.parse(answer) };
  } catch (error) {
    const silent = silenceOf(error);
    if (silent === undefined) throw error;
    return { answered: false, silent, why: silenceWords(error) };
  }
}
