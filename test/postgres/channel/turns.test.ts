import { Turns } from '../../../src/postgres/channel/turns';

describe('turns', () => {
  it('let no more work at a time than they are, and the rest in the order in which it came', async () => {
    const turns = new Turns(2, 10_000);
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const work = (number: number): Promise<void> =>
      turns.take(() => {
        begun.push(number);
        return new Promise((resolve) => ends.push(resolve));
      });
    const all = [1, 2, 3, 4].map(work);
    await new Promise(setImmediate);
    expect(begun).toEqual([1, 2]);
    for (let end = 0; end < 4; end++) {
      ends[end]?.();
      await all[end];
      await new Promise(setImmediate);
    }
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it('refuse what waits too long, and are free again after a failure', async () => {
    const turns = new Turns(1, 20);
    const ends: ((why: Error) => void)[] = [];
    const first = turns.take(() => new Promise((_, reject) => ends.push(reject)));
    await expect(turns.take(() => Promise.resolve())).rejects.toMatchObject({
      code: 'QUERY_REFUSED',
      details: { layer: 'caps' },
    });
    ends[0]?.(new Error('it failed'));
    await expect(first).rejects.toThrow('it failed');
    await expect(turns.take(() => Promise.resolve('done'))).resolves.toBe('done');
  });
});
