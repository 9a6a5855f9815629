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

  const PARTED = { ...SOURCE, 'table public.p': 'owner: a\npartition key: RANGE (d)' };
  const bound = (name: string): Objects => ({
    [`table public.${name}`]: 'owner: a\ninherits: p\npartition bound: FOR VALUES FROM (1) TO (2)',
    [`column public.${name}.d`]: 'type: date',
  });
  const grown = (...names: string[]): Objects =>
    Object.fromEntries(['p', ...names].map((name) => [`column public.${name}.x`, 'type: text']));

  it.each([
    ['made by a job during the release', [], ['p1']],
    ['made by a job since the rehearsal', ['p1'], ['p1']],
    ['dropped by a job during the release', ['p0'], []],
    ['dropped by a job since the rehearsal', [], []],
  ] as const)('lets stand aside a partition that was %s', (_, atEntry, atExit) => {
    const source = { ...PARTED, ...bound('p0') };
    const applied = { ...source, ...grown('p0') };
    const only = (names: readonly string[], more: Objects = {}): Objects =>
      names.reduce((objects, name) => ({ ...objects, ...bound(name) }), { ...PARTED, ...more });
    const delta = deltaOf({
      source,
      applied,
      entry: only([...atEntry]),
      exit: only([...atExit], grown(...atExit)),
    });
    expect(delta).toMatchObject({ predicted: 1, explained: 1, unexplained: [] });
  });

  it('names a partition that the release was to make, and did not', () => {
    const seen = { source: PARTED, applied: { ...PARTED, ...bound('p1') }, entry: PARTED, exit: PARTED };
    expect(deltaOf(seen).unexplained).toEqual(['table public.p1: missing after']);
  });

  it('names the event triggers that were cut from the clone alone', () => {
    const on = { ...SOURCE, 'event trigger watch': 'event: ddl_command_end' };
    const off = { ...SOURCE, 'event trigger watch': 'event: ddl_command_end\nfires: never' };
    const released = { source: on, before: off, applied: off, entry: on, exit: { ...on, ...MADE } };
    expect(deltaOf(released)).toMatchObject({ unexplained: ['table public.new: new after'], cut: ['watch'] });
    expect(deltaOf({ ...released, entry: off, exit: off }).cut).toBeUndefined();
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
