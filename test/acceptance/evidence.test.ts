import { cp, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceFolder } from '../../src/evidence/evidence-folder';
import type { RehearsalOutcome, ReleaseOutcome } from '../../src/core/schema/outcome';
import { oneRoof } from './support/command-line';
import type { CommandEnd } from './support/command-line';
import { greenfield } from './support/greenfield';
import { REFERENCE, rehearse, releaseOutcome, startApproved, startRelease } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(180_000);

describe('the evidence of a release', () => {
  let world: World;
  let rehearsal: RehearsalOutcome;
  let release: ReleaseOutcome;
  let pinned: string;

  beforeAll(async () => {
    world = await startWorld(0.01);
    rehearsal = await rehearse(world, REFERENCE);
    await greenfield(world.state, 'approved');
    release = await releaseOutcome(await startApproved(world, REFERENCE));
    expect(release).toMatchObject({ outcome: 'released', rehearsal: rehearsal.evidence });
    pinned = join(await mkdtemp(join(tmpdir(), 'one-roof-auditor-')), 'pinned.pem');
    await cp(join(world.addresses.store, 'signing-key.pub.pem'), pinned);
  });

  afterAll(async () => {
    await world.end();
  });

  it('is verified by a pinned key up to the head in the target’s ledger, with its rehearsal and its package', async () => {
    const { exit, document } = await verify([release.id, '--target', 'production', '--package', REFERENCE]);
    expect(document).toMatchObject({
      verdict: 'verified',
      faults: [],
      evidence: [
        { id: release.id, head: release.evidence, tail: 'proven', faults: [], unproven: [] },
        { id: rehearsal.id, head: rehearsal.evidence, tail: 'proven', faults: [] },
      ],
    });
    expect(exit).toBe(0);
    const kinds =
      JSON.stringify(document).match(/"kind":"(audit|rehearsal reference|approval|outcome)"/g) ?? [];
    const approvals = release.approvals.map(() => 'approval');
    expect(kinds.map((kind) => kind.slice(8, -1))).toEqual([
      ...['audit', 'rehearsal reference', ...approvals, 'outcome'],
      ...['audit', 'outcome'],
    ]);
  });

  it('is verified by whoever has nothing but the folder, the key and the head', async () => {
    const folder = await taken();
    const head = release.evidence ?? '';
    expect(await verify([folder, '--head', head])).toMatchObject({
      exit: 0,
      document: { verdict: 'verified' },
    });
    expect(await verify([folder])).toMatchObject({ exit: 1, document: { verdict: 'not verified' } });
  });

  it('is refused when a link is missing, its tail is cut, or another chain takes its place', async () => {
    const folder = await taken();
    const path = await chainIn(folder);
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    for (const [kept, fault, link] of [
      [lines.filter((_, index) => index !== 2), 'missing before', 3],
      [lines.slice(0, -1), 'tail', lines.length - 1],
    ] as const) {
      await writeFile(path, kept.map((line) => `${line}\n`).join(''));
      const { exit, document } = await verify([path, '--target', 'production']);
      expect(exit).toBe(4);
      expect(document).toMatchObject({ verdict: 'refused', evidence: [{ brokenLink: link }] });
      expect(JSON.stringify(document)).toContain(`"fault":"${fault}"`);
    }
    const other = await mkdtemp(join(tmpdir(), 'one-roof-other-'));
    await evidenceFolder(other, join(world.addresses.store, 'signing-key.pem')).put({
      ...release,
      evidence: null,
      drift: [],
    });
    const { exit, document } = await verify([other, '--target', 'production']);
    expect(exit).toBe(4);
    expect(JSON.stringify(document)).toContain('"fault":"head"');
  });

  it('of a rehearsal that was tampered with lets no release begin, and the refusal is evidence too', async () => {
    const place = join(world.addresses.store, 'evidence');
    const [name = ''] = (await readdir(place)).filter((each) => each.includes(`.${rehearsal.id}.`));
    const path = join(place, name);
    const kept = await readFile(path);
    await writeFile(
      path,
      kept
        .toString('utf8')
        .replace(/("sig":")(.)/, (_, head: string, first: string) => `${head}${first === 'A' ? 'B' : 'A'}`),
    );
    const refused = await releaseOutcome(await startRelease(world, REFERENCE));
    expect(refused).toMatchObject({ outcome: 'refused', error: { code: 'EVIDENCE_INVALID' }, approvals: [] });
    await writeFile(path, kept);
    const { exit, document } = await verify([refused.id, '--target', 'production']);
    expect(exit).toBe(1);
    expect(document).toMatchObject({
      verdict: 'not verified',
      evidence: [{ outcome: 'refused', tail: 'unproven', faults: [] }],
    });
  });

  function verify(words: readonly string[]): Promise<CommandEnd> {
    return oneRoof(world, 'evidence', 'verify', ...words, '--key', pinned);
  }

  /** The evidence of the store, where an auditor has carried it. */
  async function taken(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'one-roof-taken-'));
    await cp(join(world.addresses.store, 'evidence'), folder, { recursive: true });
    return folder;
  }

  async function chainIn(folder: string): Promise<string> {
    const [name = ''] = (await readdir(folder)).filter((each) => each.includes(`.${release.id}.`));
    return join(folder, name);
  }
});
