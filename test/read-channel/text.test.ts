import { TEXT_BYTES_MAX, readText, refusalOfLiterals } from '../../src/read-channel/text';

describe('the text of a read', () => {
  it.each([
    ['select 1', 'plain'],
    [
      "select 'é', '日本', '🙂', E'\\\\d', 'C:\\dir', 'x' ~ '^\\d+$'",
      'characters of all planes, and backslashes that stand before no mark',
    ],
    ["select 'C:\\\\'", 'an even number of backslashes before the mark'],
    ['select\t1\r\n-- a comment\f', 'white space'],
  ])('may be %j: %s', (text) => {
    expect(readText(text)).toEqual({ text });
    expect(readText(Buffer.from(text))).toEqual({ text });
  });

  it.each([
    ['select 1\0; drop table a', 'a NUL character', 8],
    ['select \uD83D', 'half of a surrogate pair', 7],
    ['select \uDE42', 'half of a surrogate pair', 7],
    ['\uFEFFselect 1', 'a byte order mark', 0],
    ["select 'é', '\u001B[2J'", 'a control character', 14],
    ['select /*+ Set(work_mem 1) */ 1', 'a hint to the planner', 7],
    ['select 1 \u202E-- 1', 'a character that hides or reorders others', 9],
  ])('may not be %j: %s at byte %d', (text, construct, location) => {
    expect(readText(text)).toMatchObject({ refused: { layer: 'text', construct, location } });
  });

  it.each([
    ["select 'a\\' , '; delete from accounts; --'", 7],
    ["select 'a\\\\\\' , '; x --'", 7],
    ["select E'it\\'s', 'é', 'a\\' , '; delete from accounts; --'", 23],
    ["select 'E', 'a\\' , '; delete from accounts; --'", 12],
    ["select 'a\\', 'never ends", 9],
  ])('may not hold a plain literal that others read further: %j, byte %d', async (text, location) => {
    expect(await refusalOfLiterals(text)).toMatchObject({
      construct: 'a backslash before a quotation mark',
      location,
    });
  });

  it.each(["select E'it\\'s', e'a\\\\'", "select 'C:\\\\' -- \\'", "select $$ \\' $$, U&'\\00e9'"])(
    'may hold %j',
    async (text) => {
      expect(await refusalOfLiterals(text)).toBeUndefined();
    },
  );

  it('may not be bytes that are not UTF-8: cut, overlong, half a pair', () => {
    for (const bytes of [[0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff]])
      expect(readText(Buffer.from([...Buffer.from('select '), ...bytes]))).toMatchObject({
        refused: { construct: 'bytes that are not UTF-8' },
      });
  });

  it('has at most 64 KiB, in bytes', () => {
    const of = (bytes: number): string => `select '${'é'.repeat((bytes - 9) / 2)}'`;
    expect(Buffer.byteLength(of(TEXT_BYTES_MAX - 1))).toBe(TEXT_BYTES_MAX - 1);
    expect(readText(of(TEXT_BYTES_MAX - 1))).toHaveProperty('text');
    expect(readText(of(TEXT_BYTES_MAX + 1))).toMatchObject({ refused: { construct: 'a text too large' } });
  });
});
