import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { ask } from '../asking/ask';
import type { Question } from '../asking/ask';
import type { Answer } from '../asking/answer';
import { callOf, recordedCall } from '../asking/recorded-call';
import type { Caller } from '../asking/recorded-call';
import { visible } from '../asking/visible';
import { Name } from '../core/schema/name';
import type { House } from './house';
import { failureOf, resultOf } from './told';
import type { Told } from './told';

/** What a tool may do: ask, by the one road. */
export interface Bench {
  readonly house: House;
  readonly ask: (question: Question) => Promise<Answer>;
}

export interface Tool<Schema extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Schema;
  readonly work: (input: z.infer<Schema>, bench: Bench) => Promise<Told>;
}

/** The server and what is under way in it. */
export interface Workplace {
  readonly server: McpServer;
  readonly house: House;
  /** Fires when the server ends: whatever is asked then is cancelled. */
  readonly ending: AbortSignal;
  readonly underWay: Set<Promise<unknown>>;
}

const ANNOTATIONS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Answers are bounded on their way from the server too. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Adds a tool: its input is parsed, its failures are told to the model, a cancelled request is cancelled on the server. */
export function addTool<Schema extends z.ZodObject>(place: Workplace, tool: Tool<Schema>): void {
  const { name, title, description, input } = tool;
  const inputSchema: z.ZodObject = input;
  place.server.registerTool(
    name,
    { title, description, inputSchema, annotations: { title, ...ANNOTATIONS } },
    async (words: unknown, { signal }) => {
      const working = use(place, tool, { words, signal });
      place.underWay.add(working);
      try {
        return resultOf(await working);
      } catch (error) {
        place.house.log(`${name}: ${error instanceof Error ? visible(error.message) : 'failed'}`);
        return failureOf(error);
      } finally {
        place.underWay.delete(working);
      }
    },
  );
}

interface Request {
  readonly words: unknown;
  readonly signal: AbortSignal;
}

/** The use itself is recorded, and each statement that it asks. */
async function use<Schema extends z.ZodObject>(
  { server, house, ending }: Workplace,
  { name, input, work }: Tool<Schema>,
  { words, signal }: Request,
): Promise<Told> {
  const client = server.server.getClientVersion();
  const claimed = visible(`${client?.name ?? 'unknown'} ${client?.version ?? ''}`.slice(0, 100)).trim();
  const caller: Caller = { who: house.who, by: 'mcp', client: { claimed }, tool: name };
  const asker = { ...house.asker, caller, signal: AbortSignal.any([signal, ending]) };
  const bench: Bench = { house, ask: (question) => ask(asker, { bytes: MOST_BYTES, ...question }) };
  const toIt = (): Promise<Told> => work(input.parse(words), bench);
  if (name === 'query') return await toIt(); // the statement is all that it is
  const call = callOf(caller, targetIn(words), JSON.stringify(words));
  return await recordedCall({ ...asker, call, endOf: () => ({ server: null }) }, toIt);
}

function targetIn(words: unknown): string {
  const parsed = z.looseObject({ target: z.string() }).safeParse(words);
  return parsed.success ? parsed.data.target : '';
}

/** The targets that a tool offers; it may be left out where there is only one. */
export function targetInput({ targets: [first, ...others] }: House) {
  const names = z.enum([first, ...others]).describe('the database, by its name');
  return others.length === 0 ? names.default(first) : names;
}

/** The packages that a tool offers. */
export function packageInput({ packages }: House) {
  const [first, ...others] = packages.keys();
  const names: z.ZodType<string> = first === undefined ? Name : z.enum([first, ...others]);
  return names.optional().describe('a release package that the server was started with, by its name');
}
