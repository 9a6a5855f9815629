import { planOf } from '../../src/package/plan';
import { cutStatements } from '../../src/package/statements';
import { descriptorWith, failureOf, samplePackage } from './sample';

const SHAPE = 'column between $1 and $2';
const BATCH = descriptorWith('apply: 20.sql', 'apply: 20.sql\n    batch: { table: public.first, key: id }');

describe('the statement of a tier with `batch`', () => {
  it.each([
    'update t set n = n + 1 where id between $1 and $2',
    'update t set n = (select max(m) from u where u.id = t.id) where t.id between $1 and $2 and n is null',
    'delete from t where id >= $1 and id <= $2',
    'delete from t where $1 <= id and $2 >= id',
    'insert into u (id) select id from t where id between $1 and $2 on conflict do nothing',
    'with gone as (delete from t where id between $1 and $2 returning *) insert into u select * from gone',
    'merge into u using (select * from t where id between $1 and $2) s on s.id = u.id when matched then do nothing',
  ])('runs for a range of keys: %s', async (text) => {
    expect(await cut(text)).toHaveLength(1);
  });

  it.each([
    ['update t set n = 1', SHAPE],
    ['update t set n = 1 where id >= $1', SHAPE],
    ['update t set n = 1 where id > $1 and id <= $2', SHAPE],
    ['update t set n = 1 where id between $2 and $1', SHAPE],
    ['update t set n = 1 where id not between $1 and $2', SHAPE],
    ['update t set n = 1 where id <= $1 and id >= $2', SHAPE],
    ['update t set n = $1 where id between $1 and $2', SHAPE],
    ['update t set n = $3 where id between $1 and $2', SHAPE],
    ['update t set n = 1 where id::text between $1 and $2', SHAPE],
    ['update t set n = 1 where id between $1::text and $2::text', SHAPE],
    ['update t set n = 1 where id + 1 between $1 and $2', SHAPE],
    ['insert into t values ($1, $2)', 'one UPDATE, DELETE, MERGE or INSERT … SELECT'],
    ['insert into t default values', 'one UPDATE, DELETE, MERGE or INSERT … SELECT'],
    ['select 1 from t where id between $1 and $2', 'this is SelectStmt'],
    ['truncate t', 'this is TruncateStmt'],
    ['commit', 'transaction control'],
    ['', 'holds one statement; here are 0'],
  ])('is refused where ranges would not meet each row once: %s', async (text, reason) => {
    const failure = await failureOf(() => cut(text));
    expect(failure).toMatch(/^SQL_REFUSED: x.sql:1:\d+: /);
    expect(failure).toContain(reason);
  });

  it('stands alone, and the second one is named with its place', async () => {
    const one = 'delete from t where id between $1 and $2';
    expect(await failureOf(() => cut(`${one};\n${one};`))).toMatch(/^SQL_REFUSED: x.sql:2:1: .* here are 2/);
  });

  it('is looked for in the rollback section too', async () => {
    const apply = 'update first set id = id where id between $1 and $2;';
    const failure = await failureOf(() =>
      planOf(samplePackage({ 'release.yaml': BATCH, '20.sql': apply }), 'full'),
    );
    expect(failure).toMatch(/^SQL_REFUSED: rollback.sql:4:/);
    const rollback = `-- one-roof: rollback 10_first\ndrop table first;\n-- one-roof: rollback 20_second\n${apply}\n`;
    const pkg = samplePackage({ 'release.yaml': BATCH, '20.sql': apply, 'rollback.sql': rollback });
    const { tiers } = await planOf(pkg, 'full');
    expect(tiers[1]).toMatchObject({
      statements: 1,
      rules: {
        batch: { table: 'public.first', key: 'id', size: 1000, duration: '500ms', replicaLag: '10s' },
      },
    });
  });
});

describe('the statements of any other tier', () => {
  it('have no parameters', async () => {
    const text = 'delete from t where id between $1 and $2';
    expect(await failureOf(() => cutStatements({ path: 'x.sql', bytes: Buffer.from(text) }))).toContain(
      'x.sql:1:24: parameter $1: only a tier with `batch` has parameters',
    );
  });

  it('may give parameters to functions and prepared statements of their own', async () => {
    const text = `create function f(int) returns int language sql begin atomic select $1; end;
      prepare p as select $1;`;
    expect(await cutStatements({ path: 'x.sql', bytes: Buffer.from(text) })).toHaveLength(2);
  });
});

function cut(text: string) {
  return cutStatements({ path: 'x.sql', bytes: Buffer.from(text) }, 'batch');
}
