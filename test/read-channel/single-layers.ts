import { ReleaseError } from '../../src/core/rules/release-error';
import { isFields } from '../../src/grammar/parse-tree';
import { parseApart } from '../../src/grammar/grammar-thread';
import type { RawStatement } from '../../src/grammar/parser';
import { cappedRead } from '../../src/postgres/channel/capped-read';
import type { Caps } from '../../src/postgres/channel/capped-read';
import { verifyMeaning } from '../../src/postgres/channel/meaning/verify-meaning';
import { readerSettings, verifyReader } from '../../src/postgres/channel/reader-session';
import type { Endpoint } from '../../src/postgres/endpoint';
import { readOnly } from '../../src/postgres/read-only';
import { withSession } from '../../src/postgres/session';
import { oneStatement } from '../../src/read-channel/judge';
import { namesUsed } from '../../src/read-channel/names-used';
import { readText } from '../../src/read-channel/text';
import { judgeTree, refusalOfCalls } from '../../src/read-channel/tree';
import type { Visited } from '../../src/read-channel/walk';
import { NOTHING_OPENED } from './whole-channel';

/** Each layer as if the others were not there: does it say no? What it cannot judge by itself passes. */
export type Says = 'no' | 'yes';

export function textSays(input: string | Buffer): Says {
  return 'refused' in readText(input) ? 'no' : 'yes';
}

export async function grammarSays(text: string): Promise<Says> {
  return 'refused' in oneStatement(text, await parseApart(text)) ? 'no' : 'yes';
}

/** Every statement of the text; what is no SQL is the grammar's to refuse. */
export async function treeSays(text: string): Promise<Says> {
  const refused = (await statementsOf(text)).some((statement) => {
    const judged = judgeTree(statement);
    return 'refused' in judged || refusalOfCalls(judged.names, NOTHING_OPENED) !== undefined;
  });
  return refused ? 'no' : 'yes';
}

/** The names of whatever stands there, also of what the tree would refuse. */
export async function namesSay(reader: Endpoint, text: string): Promise<Says> {
  const statements = await statementsOf(text);
  return await refuses(() =>
    withSession(reader, readerSettings(5_000), (session) =>
      readOnly(session, async () => {
        for (const { tree, offset } of statements) {
          const names = namesUsed(nodesOf(tree, offset));
          await verifyMeaning(session, { read: { text, names }, opened: NOTHING_OPENED });
        }
      }),
    ),
  );
}

/** A session of the reader's, a read-only transaction, the extended protocol: the text is really sent. */
export async function sessionSays(reader: Endpoint, text: string, caps: Caps): Promise<Says> {
  return await refuses(() =>
    withSession(reader, readerSettings(caps.milliseconds), (session) =>
      readOnly(session, async () => {
        await verifyReader(session);
        await session.query(text);
      }),
    ),
  );
}

/** The caps in a session that limits nothing and may write. */
export async function capsSay(reader: Endpoint, text: string, caps: Caps): Promise<Says> {
  const settings = { application: 'one-roof query', lockTimeoutMs: 0, statementTimeoutMs: 0 };
  return await refuses(() =>
    withSession(reader, settings, async (session) => {
      const { more } = await cappedRead(session, text, { caps, values: 'text' });
      if (more) throw new ReleaseError('ANSWER_TOO_LARGE', 'more rows than the cap');
    }),
  );
}

async function refuses(work: () => Promise<unknown>): Promise<Says> {
  try {
    await work();
    return 'yes';
  } catch (error) {
    if (error instanceof ReleaseError) return 'no';
    throw error;
  }
}

async function statementsOf(text: string): Promise<readonly RawStatement[]> {
  const parsed = await parseApart(text);
  return parsed.verdict === 'parsed' ? parsed.statements : [];
}

/** Fields in which the grammar writes a node without its kind. */
const KINDS: Readonly<Record<string, string>> = {
  typeName: 'TypeName',
  alias: 'Alias',
  over: 'WindowDef',
  withClause: 'WithClause',
  larg: 'SelectStmt',
  rarg: 'SelectStmt',
  relation: 'RangeVar',
};

/** Every node of any statement. */
function nodesOf(tree: unknown, location: number): readonly Visited[] {
  const nodes: Visited[] = [];
  const stack: unknown[] = [tree];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    stack.push(...items);
    if (!isFields(value)) continue;
    for (const [key, inner] of Object.entries(value)) {
      const kind = /^[A-Z]/.test(key) ? key : KINDS[key];
      if (kind !== undefined && isFields(inner) && !(kind in inner))
        nodes.push({ kind, fields: inner, location });
      stack.push(inner);
    }
  }
  return nodes;
}
