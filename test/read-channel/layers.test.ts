import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caps } from '../../src/postgres/channel/capped-read';
import { startChannelCluster } from './channel-cluster';
import type { ChannelCluster } from './channel-cluster';
import { attacks } from './corpus';
import type { Attack } from './corpus';
import { Onlooker } from './onlooker';
import { capsSay, grammarSays, namesSay, sessionSays, textSays, treeSays } from './single-layers';

const CAPS: Caps = { rows: 2_500, bytes: 4 * 1024 * 1024, milliseconds: 300 };
const PAGE = join(__dirname, '..', '..', 'docs', 'read-channel.md');
const MARKS = ['<!-- layers: measured -->', '<!-- /layers -->'] as const;
const LAYERS = ['text', 'grammar', 'tree', 'names', 'session and role', 'caps'] as const;

/** What a reader's role must not see: stopped only where the server answers nothing. */
const SECRETS = new Set(['leak', 'privilege', 'func-file', 'func-lo', 'copy']);
/** What the caps are for. */
const COSTLY = new Set(['dos', 'func-sleep']);

/** What no judge has seen may work without looking at the server's clock. */
const UNJUDGED_LIMIT_MS = 60_000;

describe('each layer of the read channel by itself', () => {
  let cluster: ChannelCluster;
  let onlooker: Onlooker;

  beforeAll(async () => {
    cluster = await startChannelCluster('PostgreSQL 18'); // one and the same wherever the tests run
    onlooker = await Onlooker.at(cluster.trapped.url, UNJUDGED_LIMIT_MS);
  });

  afterAll(async () => {
    await onlooker.end();
    await cluster.stop();
  });

  it('stops as many attacks as docs/read-channel.md says', async () => {
    const counted = new Map<string, number[]>();
    for (const attack of attacks().filter(
      ({ place, category }) => category !== 'dos' || !place.startsWith('further'),
    )) {
      const stopped = await stoppedBy(attack);
      const counts = counted.get(attack.category) ?? [0, ...LAYERS.map(() => 0)];
      counted.set(
        attack.category,
        counts.map((count, index) => count + (index === 0 ? 1 : (stopped[index - 1] ?? 0))),
      );
    }
    const table = tableOf(counted);
    if (process.env['ONE_ROOF_LAYERS'] === 'write') writeFileSync(PAGE, pageWith(table));
    expect(readFileSync(PAGE, 'utf8')).toBe(pageWith(table));
  }, 300_000);

  /** 1 for each layer that stops it alone, by a no or by leaving nothing of it. */
  async function stoppedBy({ text: input, category }: Attack): Promise<readonly number[]> {
    const text = input.toString();
    const { reader } = cluster.trapped;
    const says = [
      textSays(input),
      await grammarSays(text),
      await treeSays(text),
      await namesSay(reader, text),
    ];
    await onlooker.cleanUp();
    await onlooker.look();
    const answered = (await sessionSays(reader, text, CAPS)) === 'yes';
    const harmless = (await onlooker.changes()).length === 0 && !(answered && SECRETS.has(category));
    const capped = COSTLY.has(category) && (await capsSay(reader, text, CAPS)) === 'no';
    return [...says.map((said) => (said === 'no' ? 1 : 0)), harmless ? 1 : 0, capped ? 1 : 0];
  }
});

function tableOf(counted: ReadonlyMap<string, readonly number[]>): string {
  const rows = [...counted].sort(([a], [b]) => a.localeCompare(b, 'en'));
  const sum = rows.reduce(
    (total, [, counts]) => total.map((n, index) => n + (counts[index] ?? 0)),
    [0, 0, 0, 0, 0, 0, 0],
  );
  const head = ['kind', 'attacks', ...LAYERS];
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  const body = [...rows, ['all', sum] as const].map(([kind, counts]) =>
    line([kind, ...counts.map((n, index) => (index === 6 && kind !== 'all' && !COSTLY.has(kind) ? '–' : n))]),
  );
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...body].join('\n');
}

function pageWith(table: string): string {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(MARKS[0]);
  const [, after = ''] = rest.split(MARKS[1]);
  return `${before}${MARKS[0]}\n\n${table}\n\n${MARKS[1]}${after}`;
}
