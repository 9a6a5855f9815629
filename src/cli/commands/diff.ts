import { z } from 'zod';
import { explainFully } from '../../core/rules/explain-fingerprints';
import type { Explanation } from '../../core/rules/explain-fingerprints';
import { nameRows } from '../../postgres/fingerprint/name-rows';
import { takeFingerprint } from '../../postgres/fingerprint/take';
import type { ContentOptions } from '../../postgres/fingerprint/contents';
import { command } from '../command';
import type { CommandContext } from '../command';
import { EXIT_CODES } from '../exit-codes';
import { Contents, Name } from '../input';
import { readKept } from '../kept-fingerprint';
import type { Kept } from '../kept-fingerprint';
import { findLive, readLive } from '../live-database';
import type { LiveDatabase } from '../live-database';
import { diffText } from '../print/diff-text';

interface Sides {
  readonly before: Kept | LiveDatabase;
  readonly after: Kept | LiveDatabase;
  readonly contents: ContentOptions['contents'];
}

interface Compared extends Explanation {
  readonly before: Kept;
  readonly after: Kept;
}

/** Two fingerprints, and what differs. */
export const diff = command({
  name: 'diff',
  summary:
    'compare two databases: the objects that differ, side by side, and the rows; where both can be read now, rows are named by their keys',
  arguments: [
    ['<before>', 'a file that `one-roof fingerprint` wrote, a document of the store, a target or a clone'],
    ['<after>', 'the same'],
  ],
  options: [
    [
      '--contents <what>',
      '`all`, `none` or `schema.table,…` of databases that are read now; what the other side has when left out',
    ],
    ['--on <target>', 'the clone host of clones; may be left out where only one has made such a clone'],
  ],
  examples: [
    ['diff before.json production', 'has anything changed since?'],
    ['diff golden directus_rehearsal_20260603_1a2b3c --json', 'two clones, for a script'],
  ],
  exits: { 0: 'identical', 1: 'different', 4: 'a role is refused, or a read wrote' },
  input: z.object({
    before: z.string().min(1),
    after: z.string().min(1),
    contents: Contents,
    on: Name.optional(),
  }),
  run: async (context, input) => {
    const { comparison, rows, before, after } = await compare(await findSides(context, input));
    const heads = { before: { of: before.of, at: before.at }, after: { of: after.of, at: after.at } };
    const document = {
      kind: 'diff',
      ...heads,
      ...comparison,
      rows: rows.map(({ rows: counts, key, keys }) => ({ ...counts, key, keys })),
    };
    return {
      document,
      text: diffText({ comparison, rows }, heads, context.terminal),
      exit: comparison.verdict === 'identical' ? EXIT_CODES.done : EXIT_CODES.notDone,
    };
  },
});

interface Words {
  readonly before: string;
  readonly after: string;
  readonly contents?: ContentOptions['contents'] | undefined;
  readonly on?: string | undefined;
}

async function findSides(context: CommandContext, words: Words): Promise<Sides> {
  const find = async (word: string): Promise<Kept | LiveDatabase> =>
    (await readKept(context, word)) ?? (await findLive(context, word, words.on));
  const before = await find(words.before);
  const after = await find(words.after);
  return { before, after, contents: words.contents ?? contentsOf(before) ?? contentsOf(after) ?? 'all' };
}

/** What a kept fingerprint has of rows is what the other side is read for. */
function contentsOf(side: Kept | LiveDatabase): ContentOptions['contents'] | undefined {
  if ('access' in side) return undefined;
  return Object.keys(side.fingerprint.contents).length === 0 ? 'none' : 'all';
}

async function compare({ before, after, contents }: Sides): Promise<Compared> {
  if (!('access' in before))
    return withSide(after, contents, (now) => Promise.resolve(explained(before, now)));
  if (!('access' in after))
    return withSide(before, contents, (old) => Promise.resolve(explained(old, after)));
  return readLive(before, async (one) =>
    readLive(after, async (other) => {
      const [old, now] = [await taken(before, one, contents), await taken(after, other, contents)];
      const found = explained(old, now);
      return { ...found, rows: await nameRows({ before: one, after: other }, found.rows) };
    }),
  );
}

async function withSide(
  side: Kept | LiveDatabase,
  contents: ContentOptions['contents'],
  work: (kept: Kept) => Promise<Compared>,
): Promise<Compared> {
  if (!('access' in side)) return work(side);
  return readLive(side, async (client) => work(await taken(side, client, contents)));
}

async function taken(
  { name }: LiveDatabase,
  client: Parameters<typeof takeFingerprint>[0],
  contents: ContentOptions['contents'],
): Promise<Kept> {
  const at = new Date().toISOString();
  return { of: name, at, fingerprint: await takeFingerprint(client, { contents }) };
}

function explained(before: Kept, after: Kept): Compared {
  return { before, after, ...explainFully(before.fingerprint, after.fingerprint) };
}
