import type { Caps } from '../../src/postgres/channel/capped-read';
import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import type { Fingerprint } from '../../src/core/schema/fingerprint';
import { withClient } from '../support/database';
import { startChannelCluster } from './channel-cluster';
import type { ChannelCluster, ChannelDatabase } from './channel-cluster';
import { createWriter, runAndCommit } from './fuzz/bare-session';
import { mutated } from './fuzz/mutations';
import type { Parts } from './fuzz/mutations';
import { gatherParts, regressionStatements } from './fuzz/parts';
import { Random } from './fuzz/random';
import { Tally } from './fuzz/tally';
import { Onlooker } from './onlooker';
import { throughChannel } from './whole-channel';
import type { Outcome } from './whole-channel';

/** `npm run fuzz:channel` has 20,000. */
const STATEMENTS = Number(process.env['ONE_ROOF_FUZZ_STATEMENTS'] ?? '300');
const SEED = Number(process.env['ONE_ROOF_FUZZ_SEED'] ?? '1');
/** A folder of PostgreSQL's own regression tests, src/test/regress/sql of its sources: read, never kept. */
const REGRESSION = process.env['ONE_ROOF_FUZZ_REGRESSION'];
const CAPS: Caps = { rows: 200, bytes: 1024 * 1024, milliseconds: 250 };
const BATCH = 20;

jest.setTimeout(60_000 + STATEMENTS * 500);

describe('any text whatever through the read channel', () => {
  let cluster: ChannelCluster;

  beforeAll(async () => {
    cluster = await startChannelCluster('PostgreSQL 18');
  });

  afterAll(() => cluster.stop());

  it('changes nothing: byte for byte the same databases, no session left', async () => {
    const databases = [cluster.plain, cluster.trapped];
    const writer = await createWriter(databases);
    const parts = await gatherParts(cluster.trapped.url, REGRESSION);
    const onlooker = await Onlooker.at(cluster.trapped.url);
    const before = await Promise.all(databases.map(everything));
    const tally = new Tally();
    const findings: string[] = [];
    const send = async ({ text, database }: Sent): Promise<Outcome> => {
      const outcome = await throughChannel(database.reader, text, CAPS);
      if (outcome.end !== 'refused') await runAndCommit(writer(database), text, CAPS);
      return outcome;
    };
    for (const batch of batchesOf(textsOf(parts, databases))) {
      await onlooker.look();
      await Promise.all(
        fourLanes(batch).map((lane) => inTurn(lane, async (sent) => tally.add(await send(sent)))),
      );
      if ((await onlooker.changes()).length > 0) findings.push(...(await findIn(batch, onlooker, send)));
    }
    process.stdout.write(`${STATEMENTS} texts, seed ${SEED}\n${tally.toString()}\n`);
    await onlooker.end();
    expect(findings).toEqual([]);
    expect(await Promise.all(databases.map(everything))).toEqual(before);
    expect(tally.permitted).toBeGreaterThan(STATEMENTS / 20); // or it has tried nothing
  });
});

interface Sent {
  readonly text: string;
  readonly database: ChannelDatabase;
}

/** Mutations, and where there are any, every third one a statement of the regression tests as it stands. */
function* textsOf(parts: Parts, databases: readonly ChannelDatabase[]): Generator<Sent> {
  const random = new Random(SEED);
  const regression = regressionStatements(REGRESSION);
  for (let sent = 0; sent < STATEMENTS; sent += 1) {
    const verbatim =
      sent % 3 === 0 ? regression[Math.floor(sent / 3) % Math.max(1, regression.length)] : undefined;
    const database = random.pick(databases);
    yield { text: verbatim ?? mutated(random, parts), database };
  }
}

function* batchesOf(texts: Iterable<Sent>): Generator<readonly Sent[]> {
  let batch: Sent[] = [];
  for (const text of texts) {
    batch.push(text);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function fourLanes(batch: readonly Sent[]): readonly (readonly Sent[])[] {
  return [0, 1, 2, 3].map((lane) => batch.filter((_, index) => index % 4 === lane));
}

async function inTurn(sent: readonly Sent[], send: (one: Sent) => Promise<void>): Promise<void> {
  for (const one of sent) await send(one);
}

/** Which of a batch it was: each once more, by itself. */
async function findIn(
  batch: readonly Sent[],
  onlooker: Onlooker,
  send: (one: Sent) => Promise<unknown>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const one of batch) {
    await onlooker.look();
    await send(one);
    const changes = await onlooker.changes();
    if (changes.length > 0)
      found.push(`${JSON.stringify(one.text)} in ${one.database.reader.database}: ${changes.join('; ')}`);
  }
  return found.length > 0
    ? found
    : [`something that does not happen again, among ${JSON.stringify(batch.map(({ text }) => text))}`];
}

/** Every stored row of every catalog and table, and the fingerprint that a release is proven by. */
async function everything({
  url,
}: ChannelDatabase): Promise<{ readonly state: object; readonly fingerprint: Fingerprint }> {
  const onlooker = await Onlooker.at(url);
  const state = { ...(await onlooker.lookAtAll()), 'log position': 'moved by looking' };
  await onlooker.end();
  const fingerprint = await withClient(url, (client) => takeFingerprint(client, { contents: 'all' }));
  return { state, fingerprint };
}
