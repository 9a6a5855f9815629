import type { Caps } from '../../src/postgres/channel/capped-read';
import type { Endpoint } from '../../src/postgres/endpoint';
import { MAJORS, startChannelCluster } from './channel-cluster';
import type { ChannelCluster, ChannelDatabase } from './channel-cluster';
import { attacks, legitimate, shown } from './corpus';
import type { Attack } from './corpus';
import { Onlooker, moved } from './onlooker';
import { throughChannel } from './whole-channel';

/** Small ones: whether a read ends in its time with the real ones is another test's. */
const CAPS: Caps = { rows: 2_500, bytes: 4 * 1024 * 1024, milliseconds: 2_000 };
const PATIENT: Caps = { ...CAPS, milliseconds: 5_000 };

/** The layers that may refuse it, by the files' own word. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  raw: ['text'],
  ast: ['text', 'grammar', 'tree'],
  pre: ['text', 'grammar', 'tree', 'names'],
};

describe.each(MAJORS)('the whole channel on %s', (major) => {
  let cluster: ChannelCluster;

  beforeAll(async () => {
    cluster = await startChannelCluster(major);
  });

  afterAll(() => cluster.stop());

  describe('in an everyday database', () => {
    const watched = watch(() => cluster.plain);
    const lines = attacks().filter((attack) => attack.layer !== 'pre' && !isOnlyCostly(attack));
    it.each(named(lines))('stops %s', (_, attack) => expectStopped(watched(), attack), 20_000);

    it.each(named(legitimate()))('lets through %s', async (_, { text }) => {
      const outcome = await throughChannel(cluster.plain.reader, text, PATIENT);
      expect(outcome).toMatchObject({ end: 'answered' });
    });

    it('changes nothing at all', () => watched().expectStill(), 60_000);
  });

  describe('in a database with more traps', () => {
    const watched = watch(() => cluster.trapped);
    const lines = attacks().filter((attack) => attack.layer === 'pre' || isHidden(attack));
    it.each(named(lines))('stops %s', (_, attack) => expectStopped(watched(), attack), 20_000);

    it('changes nothing at all', () => watched().expectStill(), 60_000);
  });
});

/** Refused by a layer that may, or else harmless: nothing moved, no session left. What refuses before the session needs no look. */
async function expectStopped({ reader, onlooker }: Watched, { layer, text }: Attack): Promise<void> {
  const outcome = await throughChannel(reader, text, CAPS);
  const refusing = outcome.end === 'refused' ? outcome.layer : `none: ${outcome.end}`;
  if (BEFORE[layer] !== undefined) expect(BEFORE[layer]).toContain(refusing);
  if (['text', 'grammar', 'tree'].includes(refusing)) return;
  expect(await onlooker.changes()).toEqual([]);
}

function isOnlyCostly({ category, place }: Attack): boolean {
  return category === 'dos' && place.startsWith('further');
}

/** What only the database can tell from a harmless read. */
function isHidden({ layer, category }: Attack): boolean {
  return layer === 'db' && !['dos', 'encoding', 'info'].includes(category);
}

function named<Line extends Pick<Attack, 'place' | 'text'>>(lines: readonly Line[]): [string, Line][] {
  return lines.map((line) => [shown(line), line]);
}

interface Watched {
  readonly reader: Endpoint;
  readonly onlooker: Onlooker;
  expectStill(): Promise<void>;
}

/** Watches a database from before the first of its tests to the last. */
function watch(database: () => ChannelDatabase): () => Watched {
  let watched: Watched;
  beforeAll(async () => {
    const { url, reader } = database();
    const onlooker = await Onlooker.at(url);
    await throughChannel(reader, 'select name from accounts order by id', PATIENT); // the first one leaves its mark on the catalog's pages
    const first = await onlooker.lookAtAll();
    const expectStill = async (): Promise<void> => {
      expect(moved(first, await onlooker.lookAtAll())).toEqual([]);
    };
    watched = { reader, onlooker, expectStill };
  });
  afterAll(() => watched.onlooker.end());
  return () => watched;
}
