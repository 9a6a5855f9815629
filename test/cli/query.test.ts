import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import type { Answer } from '../../src/asking/answer';
import { answerCsv } from '../../src/asking/csv';
import { typedValue } from '../../src/asking/typed-value';
import { visible, visibleJson } from '../../src/asking/visible';
import { isHigher, page } from '../../src/cli/pager';
import { answerText } from '../../src/cli/print/answer-text';
import { fitted, placesOf } from '../../src/cli/print/places';

const PLAIN = createColors(false);

describe('text for a terminal', () => {
  it.each([
    ['\u001b[2J', '␛[2J'],
    ['a\r\nb\tc', 'a␍␊b␉c'],
    ['\u007f', '␡'],
    ['\u009b31m', '\\u{9b}31m'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['Grüße 日本 🏠', 'Grüße 日本 🏠'],
  ])('shows %j instead of obeying it', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('is still the same JSON', () => {
    const value = { '\u009b': ['\u202e', '\u001b', 'a\nb', '\u007f'] };
    const json = visibleJson(JSON.stringify(value, null, 2));
    expect(json).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect(JSON.parse(json)).toEqual(value);
  });

  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🏠', 2],
  ])('takes the places that a terminal gives it: %s', (text, places) => {
    expect(placesOf(text)).toBe(places);
  });

  it('is cut by places', () => {
    expect(fitted('abcdef', 6)).toBe('abcdef');
    expect(fitted('abcdefg', 6)).toBe('abcde…');
    expect(fitted('日本日本', 6)).toBe('日本…');
  });
});

describe('an answer for people', () => {
  it('has numbers on the right, and null unlike the empty text', () => {
    const rows = [
      ['1', 'one'],
      ['20', ''],
      [null, null],
    ];
    expect(shown({ rows })).toEqual([' n  text', ' 1  one', '20', ' ∅  ∅', '(3 rows, 4 ms, on the standby)']);
  });

  it('colours null, which a text of the same sign is not', () => {
    const text = answerText(answerOf({ rows: [[null, '∅']] }), {
      colours: createColors(true),
      places: undefined,
    });
    expect(text).toContain('\u001b[2m∅\u001b[22m  ∅\n');
  });

  it('is cut to the terminal, the widest columns first, and says so', () => {
    const lines = shown(
      {
        rows: [
          ['1', 'x'.repeat(100)],
          ['2', 'y'],
        ],
      },
      40,
    );
    expect(lines.slice(1, 3)).toEqual([`1  ${'x'.repeat(36)}…`, '2  y']);
    expect(Math.max(...lines.slice(0, 3).map((line) => line.length))).toBe(40);
    expect(lines.at(-1)).toBe('1 cell is cut to the width of the terminal; --json and --csv have them whole');
    expect(shown({ rows: [['1', 'x'.repeat(100)]] })[1]).toBe(`1  ${'x'.repeat(100)}`);
  });

  it('is a block a row where the terminal is too narrow for a table', () => {
    const columns = ['a', 'long name', 'c'].map((name) => ({ name, type: 'text' }));
    const rows = [['x'.repeat(20), 'y'.repeat(40), null]];
    expect(shown({ columns, rows }, 30)).toEqual([
      'row 1',
      `a          ${'x'.repeat(18)}…`,
      `long name  ${'y'.repeat(18)}…`,
      'c          ∅',
      '(1 row, 4 ms, on the standby)',
      '2 cells are cut to the width of the terminal; --json and --csv have them whole',
    ]);
  });

  it('is a line where a statement has no columns', () => {
    expect(shown({ columns: [], rows: [[]] })).toEqual(['(1 row, 4 ms, on the standby)']);
  });
});

describe('CSV', () => {
  it('is of RFC 4180; null is empty, the empty text is not', () => {
    const rows = [
      ['a,b', 'c"d'],
      ['e\r\nf', ' '],
      [null, ''],
      ['=1+1', '∅'],
    ];
    expect(answerCsv(answerOf({ rows }))).toBe(
      ['n,text', '"a,b","c""d"', '"e\r\nf", ', ',""', '=1+1,∅'].join('\r\n'),
    );
  });
});

describe('a value of JSON', () => {
  it.each([
    ['integer', '-5', -5],
    ['oid', '4294967295', 4294967295],
    ['bigint', '5', '5'],
    ['numeric(10,2)', '1.50', '1.50'],
    ['boolean', 't', true],
    ['boolean', null, null],
    ['text', '', ''],
    ['jsonb', '{"a": [1, 1.50, -0.1e3, "1e999", true, null]}', { a: [1, 1.5, -100, '1e999', true, null] }],
    ['json', '"a \\" 12345678901234567890"', 'a " 12345678901234567890'],
    ['json', '123456789012345678', '123456789012345678'],
    ['json', '[1e400]', '[1e400]'],
    ['json', '[1e-400]', '[1e-400]'],
    ['json', '0.1234567890123456', '0.1234567890123456'],
    ['jsonb', '['.repeat(101) + ']'.repeat(101), '['.repeat(101) + ']'.repeat(101)],
    ['integer[]', '{1,2}', '{1,2}'],
  ])('of type %s is exact: %s', (type, cell, value) => {
    expect(typedValue({ type }, cell)).toEqual(value);
  });
});

describe('a pager', () => {
  const environment = { PATH: process.env['PATH'] };

  it('is for what is higher than the terminal, the prompt below it included', () => {
    expect(isHigher('1\n2\n3', { rows: 4 })).toBe(false);
    expect(isHigher('1\n2\n3\n4', { rows: 4 })).toBe(true);
    expect(isHigher('1\n2\n3\n4', undefined)).toBe(false);
  });

  it('is given the text', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'one-roof-pager-')), 'seen');
    expect(await page('line\nline', { ...environment, PAGER: `cat > '${file}'` })).toBe(true);
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBe('line\nline\n');
  });

  it('may be left early', async () => {
    expect(await page('x'.repeat(5_000_000), { ...environment, PAGER: 'true' })).toBe(true);
  });

  it('is missed where there is none', async () => {
    expect(await page('text', { ...environment, PAGER: 'no-such-pager 2>/dev/null' })).toBe(false);
  });
});

function answerOf(change: Partial<Answer>): Answer {
  return {
    target: 'shop',
    server: 'standby',
    columns: [
      { name: 'n', type: 'integer' },
      { name: 'text', type: 'text' },
    ],
    rows: [],
    more: false,
    bytes: 0,
    ms: 4,
    digest: '',
    ...change,
  };
}

function shown(change: Partial<Answer>, places?: number): readonly string[] {
  return answerText(answerOf(change), { colours: PLAIN, places }).split('\n');
}
