import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { StepProof } from '../../src/core/schema/proof';
import { errorOf, run } from '../cli/spawned';

const HISTORY = join(__dirname, '..', 'fixtures', 'history');
/** Somebody else's, published; `expected.json` was measured with `pg_dump -s`. */
const PUBLISHED = join(__dirname, '..', 'fixtures', 'authelia');
const Proof = z.object({ kind: z.literal('proof'), steps: z.array(StepProof), others: z.array(z.string()) });
const Expected = z.object({ verdicts: z.record(z.string(), z.string()) });

describe('the proof of a history', () => {
  it('has a verdict on the rollback of each step, and says what differs', () => {
    const { status, stdout } = run(['prove', HISTORY, '--json']);
    expect(status).toBe(1);
    const { steps, others } = Proof.parse(JSON.parse(stdout));
    expect(steps.map(({ id, verdict, rows }) => [id, verdict, rows])).toEqual([
      ['1_books', 'identical', 'identical'],
      ['2_shelf', 'identical', 'identical'],
      ['3_title', 'order only', 'identical'],
      ['4_check', 'name only', 'identical'],
      ['5_loan', 'not deterministic', 'identical'],
      ['6_seed', 'identical', 'different'],
      ['7_language', 'different', 'different'],
      ['8_index', 'identical', 'identical'],
      ['9_review', 'does not run', undefined],
      ['10_author', 'missing', undefined],
    ]);
    expect(others).toEqual(['notes.sql']);
    const told = new Map(steps.map(({ id, differences }) => [id, differences.join('\n')]));
    expect(told.get('1_books')).toBe('');
    expect(told.get('3_title')).toContain('column order public.book');
    expect(told.get('6_seed')).toBe('its rollback holds no statement\nrows of public.book: 0 → 1');
    expect(told.get('9_review')).toMatch(
      /^rolling it back: 9_review\.down\.sql:2:1.*"opinion" does not exist/s,
    );
  });

  it('finds of a published history what pg_dump finds, step by step', () => {
    const { stdout } = run(['prove', PUBLISHED, '--json']);
    const { steps } = Proof.parse(JSON.parse(stdout));
    const expected = Expected.parse(JSON.parse(readFileSync(join(PUBLISHED, 'expected.json'), 'utf8')));
    expect(steps).toHaveLength(26);
    expect(Object.fromEntries(steps.map(({ id, verdict }) => [id, verdict]))).toEqual(expected.verdicts);
  }, 300_000);

  it('leaves rows out where the schema alone is asked for, and goes on after a step that cannot be applied', () => {
    const folder = folderOf({
      '1_seed.up.sql': 'create table seed (id integer)',
      '1_seed.down.sql': 'drop table seed',
      '2_rows.up.sql': 'insert into seed values (1)',
      '2_rows.down.sql': '',
      '3_broken.sql': '-- migrate:up\ncreate tabel t ();\n-- migrate:down\n',
      '4_role.sql':
        '-- migrate:up\ncreate role reader; grant select on seed to reader;\n-- migrate:down\nrevoke all on seed from reader; drop role reader;',
      '5_left.sql': '-- migrate:up\ncreate role writer;\n-- migrate:down\n',
      '6_grant.sql':
        '-- migrate:up\ngrant insert on seed to reader, writer;\n-- migrate:down\nrevoke insert on seed from reader, writer;',
    });
    const { stdout } = run(['prove', folder, '--schema-only', '--json']);
    const { steps } = Proof.parse(JSON.parse(stdout));
    expect(steps.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['1_seed', 'identical'],
      ['2_rows', 'identical'],
      ['3_broken', 'does not run'],
      ['4_role', 'identical'],
      ['5_left', 'identical'],
      ['6_grant', 'identical'],
    ]);
    expect(steps[2]?.differences[0]).toMatch(/^applying it: 3_broken\.sql:2:8: syntax error/);
  });

  it('is refused for a folder that holds no history', () => {
    const { status, stdout } = run(['prove', folderOf({ 'notes.sql': 'select 1' }), '--json']);
    expect(status).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'PACKAGE_MISSING' });
  });
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'one-roof-history-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
