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

  it('are put in the order of dates, however those are written', () => {
    const names = [
      '00000000000000_a',
      '20140924113530_b',
      '2017-08-31-230457_c',
      '2017-09-01_d',
      '20170901000001_e',
    ];
    const { steps } = readHistory([...names].reverse().map((name) => ({ path: `${name}/up.sql`, text: '' })));
    expect(steps.map(({ id }) => id)).toEqual(names);
  });

  it('are paired by their number where the titles of the two halves differ and no other step has it', () => {
    expect(
      pairsOf(['1_add.up.sql', '1_drop.down.sql', '2_a.up.sql', '2_b.up.sql', '2_c.down.sql', '3_x.up.sql']),
    ).toEqual([
      ['1_add', '1_add.up.sql', '1_drop.down.sql'],
      ['2_a', '2_a.up.sql', undefined],
      ['2_b', '2_b.up.sql', undefined],
      ['2_c', undefined, '2_c.down.sql'],
      ['3_x', '3_x.up.sql', undefined],
    ]);
  });

  it('are those for PostgreSQL where dialects are told apart', () => {
    const paths = [
      '1_a.postgres.up.sql',
      '1_a.mysql.up.sql',
      '1_a.down.sql',
      '1_a.up.sql',
      '2_b.sqlite3.up.sql',
    ];
    expect(pairsOf(paths)).toEqual([['1_a.postgres', '1_a.postgres.up.sql', '1_a.down.sql']]);
    const { others } = readHistory(paths.map((path) => ({ path, text: '' })));
    expect(others).toEqual(['1_a.mysql.up.sql', '1_a.up.sql', '2_b.sqlite3.up.sql']);
  });

  it.each([
    [
      'Flyway',
      ['V1__a.sql', 'U1__undo_a.sql', 'V1_1__b.sql'],
      'V1__a',
      ['V1_1__b', 'V1_1__b.sql', undefined],
    ],
    ['postgrator', ['001.do.a.sql', '001.undo.sql'], '001.a'],
    ['db-migrate', ['sqls/1-a-up.sql', 'sqls/1-a-down.sql'], 'sqls/1-a'],
    ['folders', ['up/1.sql', 'down/1.sql'], '1'],
    ['Prisma', ['1_a/migration.sql', '1_a/down.sql'], '1_a'],
    ['yoyo', ['1.a.sql', '1.a.rollback.sql'], '1.a'],
  ])('are paired as %s names them', (_, paths, id, ...more) => {
    expect(pairsOf(paths)).toEqual([[id, paths[0], paths[1]], ...more]);
  });

  it('are no step where a word in the name has no other half', () => {
    const { steps, others } = readHistory([
      { path: 'clean_up.sql', text: '' },
      { path: 'a.rollback.sql', text: '' },
    ]);
    expect(steps).toEqual([]);
    expect(others).toEqual(['a.rollback.sql', 'clean_up.sql']);
  });

  it('come in the order of a sqitch.plan', () => {
    const plan =
      '%project=books\n\nusers 2026-01-01T00:00:00Z Ann <a@b.c> # people\n@v1 2026-01-02T00:00:00Z Ann <a@b.c>\nbooks [users] 2026-01-03T00:00:00Z Ann <a@b.c>\n';
    const { steps } = readHistory([
      { path: 'sqitch.plan', text: plan },
      ...['books', 'users'].flatMap((name) => [
        { path: `deploy/${name}.sql`, text: '' },
        { path: `revert/${name}.sql`, text: '' },
      ]),
    ]);
    expect(steps.map(({ id, up, down }) => [id, up?.path, down?.path])).toEqual([
      ['users', 'deploy/users.sql', 'revert/users.sql'],
      ['books', 'deploy/books.sql', 'revert/books.sql'],
    ]);
  });

  it.each([
    ['goose', '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n'],
    ['dbmate', '-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n'],
    ['sql-migrate', '-- +migrate Up\nselect 1;\n-- +migrate Down\nselect 2;\n'],
    ['rambler', '-- rambler up\nselect 1;\n-- rambler down\nselect 2;\n'],
    ['shmig', '-- ==== UP ====\nselect 1;\n-- ==== DOWN ====\nselect 2;\n'],
    ['node-pg-migrate', '-- Up Migration\nselect 1;\n-- Down Migration\nselect 2;\n'],
    ['tern', '\nselect 1;\n---- create above / drop below ----\nselect 2;\n'],
    ['MyBatis', '\nselect 1;\n-- //@UNDO\nselect 2;\n'],
  ])('may hold both directions, each from its mark to the next, as %s writes them', (_, text) => {
    expect(textsOf(text)).toEqual({ up: '\nselect 1;\n', down: '\nselect 2;\n', outside: [false, false] });
  });

  it('may hold one direction alone', () => {
    expect(textsOf('-- migrate:up\nselect 1;')).toMatchObject({ up: '\nselect 1;', down: undefined });
  });

  it.each([
    [
      'goose for the file',
      '-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n',
      true,
    ],
    [
      'dbmate for a direction',
      '-- migrate:up transaction:false\nselect 1;\n-- migrate:down\nselect 2;\n',
      false,
    ],
    [
      'sql-migrate for a direction',
      '-- +migrate Up notransaction\nselect 1;\n-- +migrate Down\nselect 2;\n',
      false,
    ],
    [
      'tern for the file',
      '---- tern: disable-tx ----\nselect 1;\n---- create above / drop below ----\n',
      true,
    ],
  ])('say where they run outside a transaction: %s', (_, text, down) => {
    expect(textsOf(text)).toMatchObject({ outside: [true, down] });
  });

  it('say so beside the files of a step, or in each of them', () => {
    const { steps } = readHistory([
      { path: '1/up.sql', text: 'select 1;' },
      { path: '1/metadata.toml', text: 'run_in_transaction = false\n' },
      { path: '2.up.sql', text: '-- no-transaction\nselect 1;' },
      { path: '2.down.sql', text: 'select 1;' },
    ]);
    expect(steps.map(({ up, down }) => [up?.outside, down?.outside])).toEqual([
      [true, undefined],
      [true, false],
    ]);
  });
});

/** Of files without text: each step with the paths of its two halves. */
function pairsOf(paths: readonly string[]): unknown {
  const { steps } = readHistory(paths.map((path) => ({ path, text: '' })));
  return steps.map(({ id, up, down }) => [id, up?.path, down?.path]);
}

/** What a two-way file holds for each direction. */
function textsOf(text: string): unknown {
  const [step] = readHistory([{ path: '1.sql', text }]).steps;
  const [up, down] = [step?.up, step?.down].map((direction) =>
    direction?.parts.map(({ from, to }) => text.slice(from, to)).join(''),
  );
  return { up, down, outside: [step?.up?.outside, step?.down?.outside] };
}
