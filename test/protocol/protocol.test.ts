import fc from 'fast-check';
import type { QueryResult } from 'pg';
import type { Session } from '../../src/postgres/session';
import { urlOf, withClient } from '../support/database';
import { Interleaving } from './interleaving';
import { ReleaseProgram } from './release-program';
import type { Ended, Mishap, Script } from './release-program';
import { Shop, TIERS, templateDatabase } from './shop';
import { Witness } from './witness';

/** Who polls takes turns too: how long he sleeps in between must not decide who is next. */
jest.mock('node:timers/promises', () => ({
  setTimeout: () => new Promise((resolve) => setImmediate(resolve)),
}));

/** One night: two releases at once, what befalls them, what a person does about a terminated one, and who is served when. */
interface Night {
  readonly first: Script;
  /** null: nobody comes. */
  readonly second: Script | null;
  readonly recovery: Script;
  readonly choice: 'rollback' | 'go on';
  readonly choices: readonly number[];
}

const RUNS = Number(process.env['ONE_ROOF_PROTOCOL_RUNS'] ?? '60');
/** What is taken out shows in few nights; how soon, depends on how many messages an attempt has. */
const MOST_NIGHTS_MORE = 10;
const SEED = Number(process.env['ONE_ROOF_PROTOCOL_SEED'] ?? '20260603');

const mishap = fc.record<Mishap>({
  at: fc.integer({ min: 1, max: 25 }),
  kind: fc.constantFrom('before', 'after', 'unanswered', 'given up', 'given up'),
});

function script(id: string, terminatedAt: fc.Arbitrary<number | null>): fc.Arbitrary<Script> {
  return fc.record({
    id: fc.constant(id),
    mishaps: fc.array(mishap, { maxLength: 6 }),
    failsAfter: fc.option(fc.integer({ min: 0, max: 2 })),
    terminatedAt,
  });
}

/** One goes on for a while, then another one. */
const spells = fc
  .array(fc.tuple(fc.nat(2), fc.constantFrom(1, 2, 4, 8, 16, 32)), { minLength: 8, maxLength: 30 })
  .map((all) => all.flatMap(([who, times]) => Array.from({ length: times }, () => who)));

const night: fc.Arbitrary<Night> = fc.record({
  first: script('first', fc.option(fc.integer({ min: 1, max: 90 }))),
  second: script('second', fc.constant(null)),
  recovery: script('first', fc.constant(null)).map((each) => ({ ...each, failsAfter: null })),
  choice: fc.constantFrom<Night['choice'][]>('rollback', 'go on'),
  choices: fc.oneof(fc.array(fc.nat(5), { minLength: 20, maxLength: 120 }), spells),
});

/** A release alone is terminated early, what it left under way sleeps for a while, and then goes on to its end at once. */
const overtaken: fc.Arbitrary<Night> = fc
  .record({ terminatedAt: fc.integer({ min: 8, max: 20 }), sleeps: fc.integer({ min: 8, max: 28 }) })
  .map(({ terminatedAt, sleeps }) => ({
    first: { ...undisturbed('first'), terminatedAt },
    second: null,
    recovery: undisturbed('first'),
    choice: 'rollback',
    choices: [
      ...Array.from({ length: terminatedAt + sleeps }, () => 1),
      ...Array.from({ length: 60 }, () => 0),
    ],
  }));

function undisturbed(id: string): Script {
  return { id, mishaps: [], failsAfter: null, terminatedAt: null };
}

let template = '';
beforeAll(async () => (template = await templateDatabase()));
jest.setTimeout(600_000);

describe('the apply protocol, in whatever order two releases, zombies, a recovery and a rollback take turns', () => {
  it('applies each tier once or not at all, records it, and lets no overtaken attempt commit', async () => {
    const ends = new Map<string, number>();
    const holds = async (what: Night): Promise<void> => {
      for (const end of await live(what, template)) ends.set(end, (ends.get(end) ?? 0) + 1);
    };
    const nights = fc.oneof({ weight: 4, arbitrary: night }, { weight: 1, arbitrary: overtaken });
    await fc.assert(fc.asyncProperty(nights, holds), { numRuns: RUNS, seed: SEED, endOnFailure: true });
    expect([...ends.keys()].sort()).toEqual(['refused', 'released', 'rolled back', 'terminated']);
  });

  it.each([
    ['the fence', overtaken, blindTo(/one_roof\.fence.*(ordinal < \$2|ordinal = \$2)/s, [{}])],
    [
      'what is in effect',
      night,
      blindTo(/select direction, sha256, release, effects from one_roof\.ledger/, []),
    ],
  ])('sees it when %s is taken out', async (_, nights, around) => {
    const unguarded = await templateDatabase();
    await withClient(urlOf(unguarded), (client) =>
      client.query('drop trigger guard_ledger on one_roof.ledger'),
    );
    const property = fc.asyncProperty(nights, (what) => live(what, unguarded, around).then(() => undefined));
    const { failed, errorInstance } = await fc.check(property, {
      numRuns: RUNS * MOST_NIGHTS_MORE, // it ends with the first that shows it
      seed: SEED,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
    expect(String(errorInstance)).toMatch(/times, and the ledger says|committed after|is not what/);
  });
});

/** Everybody does what they are to do; then nobody is left, and the state is what the ends say. */
async function live(
  what: Night,
  from: string,
  around: (session: Session) => Session = (session) => session,
): Promise<readonly Ended[]> {
  const shop = await Shop.open(from, () => turns, around);
  const witness = await Witness.of(shop.database);
  const turns = new Interleaving(what.choices, witness);
  try {
    const ends = await turns.drive(play(shop, what));
    await verifyEnd(witness, ends);
    return ends;
  } finally {
    await witness.close();
    await shop.close();
  }
}

async function play(shop: Shop, what: Night): Promise<readonly Ended[]> {
  const first = new ReleaseProgram(shop, what.first);
  const second = what.second === null ? [] : [new ReleaseProgram(shop, what.second)];
  const programs = [first, ...second];
  const recover = (): Promise<Ended> => {
    const program = new ReleaseProgram(shop, what.recovery);
    programs.push(program);
    return program.recover(what.choice, `recovery ${programs.length}`);
  };
  const ends = await Promise.all([
    first.run().then(async (end) => (end === 'terminated' ? [end, await recover()] : [end])),
    ...second.map((each) => each.run()),
  ]);
  for (const program of programs) await Promise.all(program.zombies);
  const again = await recover(); // a zombie may have claimed for a workflow that is no more: the next command finds it
  for (const program of programs) await Promise.all(program.zombies);
  return again === 'refused' ? ends.flat() : [...ends.flat(), again];
}

async function verifyEnd(witness: Witness, ends: readonly Ended[]): Promise<void> {
  await witness.look();
  const { in_effect, open } = await witness.state();
  const wanted = ends.includes('released') ? [...TIERS] : [];
  const found = [...in_effect].sort();
  if (JSON.stringify([found, open]) === JSON.stringify([wanted, []])) return;
  throw new Error(
    `after ${ends.join(', ')} the database is not what it says: ${found.join(', ')}; open: ${open.join(', ')}`,
  );
}

/** A server that answers certain questions with what one would like to hear. */
function blindTo(question: RegExp, rows: readonly Record<string, unknown>[]): (session: Session) => Session {
  return (session) => ({
    ...session,
    query: async (sql, values) => {
      if (!question.test(sql)) return session.query(sql, values);
      const answer: QueryResult<Record<string, unknown>> = {
        rows: [...rows],
        rowCount: rows.length,
        command: 'SELECT',
        oid: 0,
        fields: [],
      };
      return answer;
    },
  });
}
