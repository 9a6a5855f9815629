import { readOnly } from '../../../src/postgres/read-only';
import { CAPS, cappedRead } from '../../../src/postgres/channel/capped-read';
import type { Answer, Caps } from '../../../src/postgres/channel/capped-read';
import type { Endpoint } from '../../../src/postgres/endpoint';
import { withSession } from '../../../src/postgres/session';
import { urlOf, withClient } from '../../support/database';
import { readableDatabase } from './planted';

const APPLICATION = 'one-roof capped read under test';
let reader: Endpoint;

beforeAll(async () => {
  reader = await readableDatabase(
    `create type mood as enum ('calm'); create table t as select i as id, 'calm'::mood as mood, null::text as nothing from generate_series(1, 100) i`,
  );
});

describe('a capped read', () => {
  it('gives columns by place with their types, and values as the server writes them', async () => {
    const answer = await read(
      `select id, id, mood, nothing, 1.50::numeric(10, 2) as price, '{1,2}'::int[] as list from t limit 1`,
    );
    expect(answer.columns).toEqual([
      { name: 'id', type: 'integer' },
      { name: 'id', type: 'integer' },
      { name: 'mood', type: 'mood' },
      { name: 'nothing', type: 'text' },
      { name: 'price', type: 'numeric(10,2)' },
      { name: 'list', type: 'integer[]' },
    ]);
    expect(answer.rows).toEqual([['1', '1', 'calm', null, '1.50', '{1,2}']]);
  });

  it('gives values as every other query gets them, where that is wanted', async () => {
    const { rows } = await read('select id, true, null from t limit 1', {}, 'parsed');
    expect(rows).toEqual([[1, true, null]]);
  });

  it('knows the columns of an answer without rows', async () => {
    expect(await read('select id from t where false')).toMatchObject({
      columns: [{ name: 'id', type: 'integer' }],
      rows: [],
      more: false,
    });
  });

  it.each([
    [99, true],
    [100, false],
    [101, false],
  ])('takes %i rows of a hundred and says whether there are more: %s', async (rows, more) => {
    const answer = await read('select id from t', { rows });
    expect(answer.rows).toHaveLength(Math.min(rows, 100));
    expect(answer.more).toBe(more);
  });

  it('asks for no more than the rows it takes', async () => {
    expect(await read('select 1 / (4 - i) from generate_series(1, 9) i', { rows: 2 })).toMatchObject({
      rows: [['0'], ['0']],
      more: true,
    });
  });

  it.each([
    ['one value', `select repeat('x', 300000000)`],
    ['many rows', `select repeat('x', 1000) from generate_series(1, 100000)`],
  ])('cuts the session where %s is larger than the cap, and holds no more of it', async (_, text) => {
    const before = process.memoryUsage().arrayBuffers;
    await expect(
      read(text, { bytes: 1024 * 1024, rows: 1_000_000, milliseconds: 30_000 }),
    ).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      message: 'the answer has more than 1 MiB',
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    await sessionsEnd();
  });

  it('gives up what the server gives up', async () => {
    const text = 'select count(*) from generate_series(1, 1000000000) a, generate_series(1, 1000) b';
    await expect(read(text, { milliseconds: 300 })).rejects.toMatchObject({
      code: 'QUERY_TOO_LONG',
      message: 'the server gave it up after 300 ms',
    });
    await sessionsEnd();
  });

  it('cuts the session where the server does not give up, and the server ends it', async () => {
    const text = 'select count(*) from generate_series(1, 1000000000) a, generate_series(1, 1000) b';
    await expect(read(text, { milliseconds: 300 }, 'text', 0)).rejects.toMatchObject({
      code: 'QUERY_TOO_LONG',
      message: 'the server had not answered after 300 ms',
    });
    await sessionsEnd();
  });

  it('tells what the server says with line, column and caret', async () => {
    const asked = read('select id,\n  nonsense from t');
    await expect(asked).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
    await expect(asked).rejects.toThrow(/^query:2:3 statement 1\n {4}nonsense from t\n {4}\^\n/);
  });

  it('sends one statement, whatever the text holds', async () => {
    await expect(read('rollback; select 1')).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
  });
});

async function read(
  text: string,
  caps: Partial<Caps> = {},
  values: 'text' | 'parsed' = 'text',
  statementTimeoutMs = caps.milliseconds ?? CAPS.milliseconds,
): Promise<Answer> {
  const settings = { application: APPLICATION, lockTimeoutMs: 0, statementTimeoutMs };
  return await withSession(reader, settings, async (session) => {
    const options = { caps: { ...CAPS, ...caps }, values };
    return (await readOnly(session, () => cappedRead(session, text, options))).value;
  });
}

/** The server ends what we have cut off: no session of ours is left, and none works on. */
async function sessionsEnd(): Promise<void> {
  await withClient(urlOf('postgres'), async (client) => {
    for (;;) {
      const { rows } = await client.query('select pid from pg_stat_activity where application_name = $1', [
        APPLICATION,
      ]);
      if (rows.length === 0) return;
    }
  });
}
