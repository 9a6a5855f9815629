import { readHistory } from '../../src/core/rules/history';

describe('the files of a history', () => {
  it('are paired by name and put in the order of their numbers', () => {
    const { steps, others } = readHistory([
      { path: '10_c.up.sql', text: 'select 10;' },
      { path: '9_b.down.sql', text: '' },
      { path: '9_b.up.sql', text: 'select 9;' },
      { path: '0001/up.sql', text: 'select 1;' },
      { path: 'README.md', text: '-- migrate:up' },
      { path: 'notes.sql', text: 'select 0;' },
    ]);
    expect(steps.map(({ id, up, down }) => [id, up?.path, down?.path])).toEqual([
      ['0001', '0001/up.sql', undefined],
      ['9_b', '9_b.up.sql', '9_b.down.sql'],
      ['10_c', '10_c.up.sql', undefined],
    ]);
    expect(others).toEqual(['notes.sql']);
  });

  it('may hold both directions, each from its marker to the next', () => {
    const text = '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n';
    expect(textsOf(text)).toEqual({ up: '\nselect 1;\n', down: '\nselect 2;\n', outside: [false, false] });
    expect(textsOf('-- migrate:up\nselect 1;')).toEqual({
      up: '\nselect 1;',
      down: undefined,
      outside: [false, undefined],
    });
  });

  it('say where they run outside a transaction: goose for the file, dbmate for each direction', () => {
    const goose = '-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n';
    expect(textsOf(goose)).toMatchObject({ outside: [true, true] });
    const dbmate = '-- migrate:up transaction:false\nselect 1;\n-- migrate:down\nselect 2;\n';
    expect(textsOf(dbmate)).toMatchObject({ up: '\nselect 1;\n', outside: [true, false] });
  });
});

/** What a two-way file holds for each direction. */
function textsOf(text: string): unknown {
  const [step] = readHistory([{ path: '1.sql', text }]).steps;
  const [up, down] = [step?.up, step?.down].map((direction) =>
    direction?.parts.map(({ from, to }) => text.slice(from, to)).join(''),
  );
  return { up, down, outside: [step?.up?.outside, step?.down?.outside] };
}
