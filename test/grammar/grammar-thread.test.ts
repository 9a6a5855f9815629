import { parseApart } from '../../src/grammar/grammar-thread';
import { parseSql } from '../../src/grammar/parser';

describe('the grammar in a thread of its own', () => {
  it('says what the grammar in this thread says', async () => {
    for (const text of ["select 'é', 2; table t", 'select 1 +', '', ';;'])
      expect(await parseApart(text)).toEqual(await parseSql(text));
  });

  it('is another thread after one that a text has broken, also for those who wait already', async () => {
    const deep = `select ${'1+'.repeat(30_000)}1`;
    const verdicts = await Promise.all(
      [deep, 'select 1', deep, deep, 'select 2'].map((text) => parseApart(text)),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      'too deep',
      'parsed',
      'too deep',
      'too deep',
      'parsed',
    ]);
  });

  it('is ended where it takes too long', async () => {
    const long = `select ${'a+'.repeat(3_000)}a`;
    expect(await parseApart(long, 0)).toEqual({ verdict: 'too long' });
    expect((await parseApart(long)).verdict).toBe('parsed');
  });
});
