import { schemaDelta } from '../../src/core/rules/schema-delta';
import type { SchemaDelta } from '../../src/core/schema/delta';
import type { Fingerprint } from '../../src/core/schema/fingerprint';

/** `KIND NAME` → its definition. */
type Objects = Readonly<Record<string, string>>;

const SOURCE = { 'table public.t': 'owner: a', 'column public.t.x': 'type: integer' };
const MADE = { 'table public.new': 'owner: a' };

describe('the expected delta of the schema', () => {
  it('is all explained where the exit is the entry with what the rehearsal changed', () => {
    expect(deltaOf({ entry: SOURCE, exit: { ...SOURCE, ...MADE } })).toEqual({
      predicted: 1,
      explained: 1,
      unexplained: [],
      more: 0,
      sourceChangedSince: [],
    });
  });

  it('names what was predicted and is not there', () => {
    expect(deltaOf({ entry: SOURCE, exit: SOURCE })).toMatchObject({
      explained: 0,
      unexplained: ['table public.new: missing after'],
    });
  });

  it('names what nobody predicted', () => {
    const exit = {
      ...SOURCE,
      ...MADE,
      'index public.t.i': 'definition: x',
      'column public.t.x': 'type: bigint',
    };
    expect(deltaOf({ entry: SOURCE, exit }).unexplained).toEqual([
      'column public.t.x: type integer → bigint',
      'index public.t.i: new after',
    ]);
  });

  it('takes what others changed before the first tier for theirs, and says so', () => {
    const entry = { ...SOURCE, 'view public.v': 'query: select 1' };
    expect(deltaOf({ entry, exit: { ...entry, ...MADE } })).toMatchObject({
      explained: 1,
      unexplained: [],
      sourceChangedSince: ['view public.v: new after'],
    });
  });

  it('predicts attribute by attribute where an object was changed since the rehearsal', () => {
    const applied = { ...SOURCE, 'column public.t.x': 'type: bigint' };
    const entry = { ...SOURCE, 'column public.t.x': 'type: integer\nstatistics target: 7' };
    const exit = { ...entry, 'column public.t.x': 'type: bigint\nstatistics target: 7' };
    expect(deltaOf({ applied, entry, exit })).toMatchObject({ explained: 1, unexplained: [] });
    const lost = { ...entry, 'column public.t.x': 'type: bigint' };
    expect(
      deltaOf({ applied, entry, exit: { ...lost, 'column public.t.x': 'type: text' } }).unexplained,
    ).toEqual(['column public.t.x: type bigint → text; statistics target 7 → none']);
  });

  it('predicts the order of columns beside one that others have added since', () => {
    const order = (columns: string): Objects => ({ 'column order public.t': columns.split(' ').join('\n') });
    expect(
      deltaOf({
        source: order('a b'),
        applied: order('a c'),
        entry: order('a b z'),
        exit: order('a z c'),
      }),
    ).toMatchObject({ predicted: 1, explained: 1, unexplained: [] });
  });

  it('asks nothing of what differs on the clone and is not touched', () => {
    const clone = { ...SOURCE, 'setting work_mem': 'work_mem=1MB' };
    expect(
      deltaOf({ before: clone, applied: { ...clone, ...MADE }, entry: SOURCE, exit: { ...SOURCE, ...MADE } }),
    ).toMatchObject({ predicted: 1, explained: 1, unexplained: [] });
  });
});

interface Seen {
  readonly source?: Objects;
  readonly before?: Objects;
  readonly applied?: Objects;
  readonly entry: Objects;
  readonly exit: Objects;
}

function deltaOf({ source = SOURCE, before = source, applied, entry, exit }: Seen): SchemaDelta {
  const made = applied ?? { ...source, ...MADE };
  return schemaDelta(
    { source: of(source), before: of(before), applied: of(made) },
    { entry: of(entry), exit: of(exit) },
  );
}

function of(objects: Objects): Fingerprint {
  const list = Object.entries(objects).map(([key, definition]) => {
    const at = key.lastIndexOf(' ');
    return { kind: key.slice(0, at), name: key.slice(at + 1), definition };
  });
  return { objects: list, contents: {}, sequences: {} };
}
