import fc from 'fast-check';
import { SQL_BYTES_MAX, cutReads, cutStatements } from '../../src/package/statements';
import { failureOf } from './sample';

describe('cutting a file into statements', () => {
  it('gives each its number, its place and exactly the text of the file', async () => {
    const text = '-- naïve ☕\nselect 1;\n\n  /* ü */ select \'€\' as "é" ; insert into t values (2)\n';
    expect(await cutStatements(sql(text))).toEqual([
      { number: 1, text: 'select 1', line: 2, column: 1, offset: 14, kind: 'SelectStmt' },
      { number: 2, text: `select '€' as "é"`, line: 4, column: 11, offset: 36, kind: 'SelectStmt' },
      { number: 3, text: 'insert into t values (2)', line: 4, column: 31, offset: 59, kind: 'InsertStmt' },
    ]);
  });

  it.each(['', ';;', ' \n', '-- only a comment', '/* one */ ; /* two */'])(
    'finds none in %j',
    async (text) => {
      expect(await cutStatements(sql(text))).toEqual([]);
    },
  );

  it('does not cut at a semicolon in a string, a comment, a dollar quote or a body', async () => {
    const text = `select ';--', $a$;$b$;$a$, ";" from t /* ; /* ; */ ; */; -- ;
create function f() returns int language sql begin atomic select 1; select 2; end; select e'\\';'`;
    const kinds = (await cutStatements(sql(text))).map(({ kind }) => kind);
    expect(kinds).toEqual(['SelectStmt', 'CreateFunctionStmt', 'SelectStmt']);
  });

  it('takes off only that white space at the end which SQL takes for it', async () => {
    const [statement] = await cutStatements(sql('select a \u00a0 \t\n;'));
    expect(statement?.text).toBe('select a \u00a0');
  });

  it('keeps every byte of any file in its place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(GAP, STATEMENT, GAP), { maxLength: 12 }), async (parts) => {
        const text = parts.map((part) => `${part.join('')};`).join('');
        const bytes = Buffer.from(text);
        const statements = await cutStatements({ path: 'x.sql', bytes });
        expect(statements.map((cut) => cut.text)).toEqual(
          parts.map(([, statement, gap]) => (statement + gap).replace(/[ \t\n]+$/, '')),
        );
        for (const { text: cut, offset, line, column } of statements) {
          const length = Buffer.byteLength(cut);
          expect(bytes.subarray(offset, offset + length).toString()).toBe(cut);
          const before = bytes.subarray(0, offset).toString().split('\n');
          expect([line, column]).toEqual([before.length, Array.from(before.at(-1) ?? '').length + 1]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('works on a part of a file, with the places of the whole', async () => {
    const text = '-- é\nselect 1;\nselect 2;\nselect 3;';
    const from = Buffer.from(text).indexOf('select 2');
    const [statement, ...more] = await cutStatements({ ...sql(text), from, to: from + 10 });
    expect(statement).toMatchObject({ number: 1, text: 'select 2', line: 3, column: 1, offset: from });
    expect(more).toEqual([]);
  });

  it('cuts from what it was given, whatever is done to those bytes meanwhile', async () => {
    const bytes = Buffer.from('select 1; select 2');
    const cutting = cutStatements({ path: 'x.sql', bytes });
    bytes.fill('x');
    expect((await cutting).map(({ text }) => text)).toEqual(['select 1', 'select 2']);
  });

  it('takes time that grows with the file, not with its square', async () => {
    const seconds = async (rows: number) => {
      const text = Array.from({ length: rows }, (_, row) => `insert into t values (${row}, 'é');`).join(' ');
      const start = performance.now();
      expect(await cutStatements(sql(text))).toHaveLength(rows);
      return performance.now() - start;
    };
    await seconds(2_000);
    expect(await seconds(40_000)).toBeLessThan(40 * Math.max(await seconds(4_000), 20));
  });
});

describe('a file that is not plain SQL', () => {
  it.each([
    ['a NUL byte', 'select 1;\n\0 drop table t', '2:1: a NUL byte: the parser would stop reading there'],
    ['a byte order mark', '\uFEFFselect 1', '1:1: a byte order mark. Save the file as UTF-8 without BOM'],
    ['a mistake', '-- é😀\nselect frm from from', '2:17: syntax error at or near "from"'],
    ['an open string', "select 1;\nselect 'x", `2:8: unterminated quoted string at or near "'x"`],
    [
      'a meta-command',
      'select 1;\n\\i other.sql\n',
      '2:1: a psql meta-command: One-Roof executes plain SQL only',
    ],
    ['\\gexec', 'select 1 \\gexec', '1:10: a psql meta-command: One-Roof executes plain SQL only'],
    ['a psql variable', 'select :who', '1:8: syntax error at or near ":": psql variables have no value here'],
    [
      'rows of COPY',
      "copy t from stdin;\n1\tit's\n\\.\n",
      '1:1: COPY … FROM STDIN: its rows are no SQL. Use INSERT',
    ],
    ['a mistake after a refusal', 'select 1;\ncommit;\nselct 2', '2:1: transaction control'],
  ])('is refused at its place for %s', async (_, text, message) => {
    expect(await failureOf(() => cutStatements(sql(text)))).toContain(`SQL_REFUSED: x.sql:${message}`);
  });

  it('is refused at the byte that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from("-- é\nselect '"), Buffer.from([0xc3, 0x27])]);
    expect(await failureOf(() => cutStatements({ path: 'x.sql', bytes }))).toMatch(
      /^SQL_REFUSED: x\.sql:2:9: a byte that is not UTF-8/,
    );
  });

  it('does not take a backslash in a string, a comment or a name for a meta-command', async () => {
    const text = `select '\n\\x\n', "\\d" -- \\q\n/* \n\\i x */ from t; do $$ begin\n\\\nend $$`;
    expect(await cutStatements(sql(text))).toHaveLength(2);
  });

  it('is shown with a caret under the place, of a long line only the part around it', async () => {
    const message = await failureOf(() => cutStatements(sql(`select\t'${'é'.repeat(500)}' frm x`)));
    const [, excerpt = '', caret = ''] = message.split('\n');
    expect(excerpt).toMatch(/^ {2}…é+' frm x$/);
    expect(excerpt.slice(caret.indexOf('^'))).toBe('x');
    expect(excerpt.length).toBeLessThan(70);
  });

  it('is refused where it would hold up the worker, before it is parsed', async () => {
    const large = 'select 1;\n'.repeat(Math.ceil(SQL_BYTES_MAX / 10) + 1);
    expect(await failureOf(() => cutStatements(sql(large)))).toMatch(
      /^SQL_REFUSED: x\.sql: 8\.0 MiB of SQL; a tier takes at most 8 MiB/,
    );
  });

  it('is refused where it is too deep for the parser, and the next file is parsed again', async () => {
    const deep = `select ${'1+'.repeat(30_000)}1`;
    expect(await failureOf(() => cutStatements(sql(deep)))).toMatch(/^SQL_REFUSED: x\.sql: .*too deep/);
    const nested = `select ${'('.repeat(30_000)}1${')'.repeat(30_000)}`;
    expect(await failureOf(() => cutStatements(sql(nested)))).toMatch(
      /^SQL_REFUSED: x\.sql:1:\d+: memory exhausted/,
    );
    expect(await cutStatements(sql('select 1'))).toHaveLength(1);
  });
});

describe('a file that is read-only', () => {
  it('may hold selects of every kind', async () => {
    const text = `with x as (values (1)) select * from x union all table y; values (2); select count(*) from x`;
    expect(await cutReads(sql(text))).toHaveLength(3);
  });

  it('may call functions of the database’s own, which its target opens or not', async () => {
    expect(await cutReads(sql('select app.is_open(), is_open()'))).toMatchObject([{ file: 'x.sql' }]);
  });

  it.each([
    ['insert into t values (1)', 'INSERT in a file that is read-only'],
    ['set local x.y = 1', 'SET or RESET in a file that is read-only'],
    ['explain select 1', 'only SELECT'],
    ['with gone as (delete from t returning 1) select * from gone', 'DELETE in a file that is read-only'],
    ['select 1 into t', 'SELECT INTO in a file that is read-only'],
    ['select * from (select 1 from t for share) x', 'a row lock (FOR UPDATE, FOR SHARE …) in a file'],
    ['select pg_sleep(1)', 'function pg_sleep in a file that is read-only: it waits'],
    ["select 1; select 'a\\' , ''", 'x.sql:1:18: a backslash before a quotation mark'],
    [`select '${'x'.repeat(65_536)}'`, 'a text too large'],
    ['commit', 'transaction control'],
    ['select * from one_roof.ledger', 'it names schema one_roof'],
  ])('may not hold %j', async (text, reason) => {
    expect(await failureOf(() => cutReads(sql(text)))).toContain(reason);
  });
});

/** White space and comments, with characters of one to four bytes. */
const GAP = fc
  .array(fc.constantFrom(' ', '\n', '\t', '-- é ☕; 😀 \'"\n', '/* ü; /* $$ */ */', '--\n'), { maxLength: 4 })
  .map((pieces) => `${pieces.join('')} `);

const TEXT = fc.string({ unit: fc.constantFrom('a', ';', 'é', '☕', '😀', ' ', '\n', '\\', '$', '"') });

const STATEMENT = fc.oneof(
  TEXT.map((text) => `select '${text}'`),
  TEXT.map((text) => `select $q$${text.replaceAll('$q$', '')}$q$ as x`),
  TEXT.map(
    (text) => `insert into "tä${text.replaceAll('"', '""')}" values (e'${text.replaceAll('\\', '\\\\')}')`,
  ),
  TEXT.map((text) => `do $bödy$ begin ${text} end $bödy$`),
);

function sql(text: string) {
  return { path: 'x.sql', bytes: Buffer.from(text) };
}
