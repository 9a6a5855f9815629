import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RehearsalOutcome, ReleaseOutcome, Status } from '../../src/core/schema/outcome';
import { oneRoof } from '../acceptance/support/command-line';
import type { CommandEnd } from '../acceptance/support/command-line';
import { pgDump } from '../acceptance/support/dump';
import { startWorld } from '../acceptance/support/world';
import type { World } from '../acceptance/support/world';
import { NO_DIGEST, baseline, rehearse, release } from './cases';
import type { Place } from './cases';
import { PACKAGE_CASES } from './package-cases';
import { makePackages } from './packages';
import { openPooler, openRefusingPooler } from './pooler';
import type { Pooler } from './pooler';
import { addTargets, withWrongPassword } from './targets';
import { BASELINE_CASES, PLACE_CASES, USAGE_CASES } from './usage-cases';
import { silence, witness } from './witness';
import { FOUND_BY_WORKER } from './worker-cases';

jest.setTimeout(180_000);

const Words = z.strictObject({ code: z.string(), message: z.string(), hint: z.string() });
/** A command's own failure, and nothing beside it. */
const Failure = z.strictObject({ error: Words.extend({ details: z.unknown().optional() }) });
const Outcome = z.discriminatedUnion('kind', [RehearsalOutcome, ReleaseOutcome]);
const Finding = z.object({ target: z.string(), code: z.string().optional(), hint: z.string().optional() });
const Check = z.object({ ok: z.boolean(), findings: z.array(Finding) });
const Act = z.object({ kind: z.literal('act'), accepted: z.boolean(), reason: z.string().optional() });
const Listed = z.object({ workflows: z.array(z.unknown()) });

describe('bad input', () => {
  let world: World;
  let place: Place;
  let production: readonly string[];
  const folder = mkdtempSync(join(tmpdir(), 'one-roof-bad-input-'));
  const poolers: Pooler[] = [];

  beforeAll(async () => {
    world = await startWorld(0.01);
    const pooled = await openPooler(world.addresses.postgres.port);
    const refusing = await openRefusingPooler();
    poolers.push(pooled, refusing);
    await addTargets(world, { pooled: pooled.port, refusing: refusing.port });
    await silence(world);
    place = { packages: await makePackages(), ...configurations(folder) };
    production = await pgDump(world);
  });

  afterAll(async () => {
    for (const pooler of poolers) pooler.close();
    await world.end();
    rmSync(folder, { recursive: true });
  });

  describe('that is found before anything is sent', () => {
    it.each([...PACKAGE_CASES, ...USAGE_CASES, ...PLACE_CASES])(
      '$name: $code',
      async ({ words, ...expected }) => {
        const { end, isUnchanged } = await run(...words(place));
        const { error } = Failure.parse(end.document);
        expectError({ ...error, exit: end.exit }, expected);
        expect(isUnchanged).toBe(true);
      },
    );

    it.each(BASELINE_CASES)('$name: $code', async ({ words, ...expected }) => {
      const { end } = await run(...words(place));
      expectError({ ...Failure.parse(end.document).error, exit: end.exit }, expected);
    });

    it('begins neither a release nor a rehearsal', async () => {
      const { document } = await oneRoof(world, 'list');
      expect(Listed.parse(document).workflows).toEqual([]);
    });
  });

  describe('that the worker finds', () => {
    it.each(FOUND_BY_WORKER)('$name: $code', async ({ words, ...expected }) => {
      const { end, isUnchanged } = await run(...words(place));
      const { outcome, error, tiers } = Outcome.parse(end.document);
      expectError({ ...error, exit: end.exit }, expected);
      expect(outcome).toBe(expected.exit === 4 ? 'refused' : 'failed');
      expect(tiers.filter((tier) => tier.outcome !== 'not reached')).toEqual([]);
      expect(isUnchanged).toBe(true);
    });
  });

  describe('a wrong password', () => {
    const WRONG = {
      exit: 4,
      code: 'AUTH_FAILED',
      says: /password authentication failed/,
      hint: /PGPASSFILE/,
    };

    it.each([
      ['executor', 'release', () => release(place.packages.good, 'waiting')],
      ['reader', 'release', () => release(place.packages.good, 'waiting')],
      ['reader', 'rehearsal', () => rehearse(place.packages.good)],
      ['cloner', 'rehearsal', () => rehearse(place.packages.good)],
      ['restorer', 'rehearsal', () => rehearse(place.packages.good)],
    ] as const)('of the %s ends a %s', async (role, kind, words) => {
      const { end, isUnchanged } = await withWrongPassword(world, `one_roof_${role}`, () => run(...words()));
      const { error, outcome } = Outcome.parse(end.document);
      expectError({ ...error, exit: end.exit }, { ...WRONG, exit: kind === 'release' ? 4 : 1 });
      expect(error?.message).toContain(`one_roof_${role}@`);
      expect(outcome).toBe(kind === 'release' ? 'refused' : 'failed');
      expect(isUnchanged).toBe(true);
    });

    it('of the reader ends a baseline', async () => {
      const { end } = await withWrongPassword(world, 'one_roof_reader', () =>
        run(...baseline(place.packages.good, 'production')),
      );
      expectError({ ...Failure.parse(end.document).error, exit: end.exit }, WRONG);
    });
  });

  describe('in targets.yaml', () => {
    it('is found by `targets check`, target by target', async () => {
      const { end, isUnchanged } = await run('targets', 'check');
      const { ok, findings } = Check.parse(end.document);
      expect([ok, end.exit]).toEqual([false, 4]);
      expect(Object.fromEntries(findings.map(({ target, code }) => [target, code ?? 'ok']))).toMatchObject({
        production: 'ok',
        'clone-host': 'ok',
        'other-nonce': 'WRONG_REGISTRATION',
        unregistered: 'NOT_PREPARED',
        unprepared: 'NOT_PREPARED',
        emptied: 'NOT_PREPARED',
        missing: 'WRONG_DATABASE',
        down: 'CONNECT_FAILED',
        pooled: 'POOLER_REFUSED',
        refusing: 'POOLER_REFUSED',
      });
      expect(findings.filter(({ code, hint }) => (code === undefined) !== (hint === undefined))).toEqual([]);
      expect(isUnchanged).toBe(true);
    });
  });

  describe('at a gate', () => {
    let id: string;
    let digest: string;

    beforeAll(async () => {
      const { exit, document } = await oneRoof(world, ...release(place.packages.good, 'waiting'));
      expect(exit).toBe(3);
      ({
        id,
        package: { digest },
      } = Status.parse(document));
    });

    it.each([
      ['a wrong digest', 'lead-b', NO_DIGEST, /wrong digest: the release carries/],
      ['a stranger', 'mallory', undefined, /mallory is no approver of gate rollout/],
      ['the requester', 'lead-a', undefined, /lead-a requested this release and cannot approve it/],
    ] as const)('approve with %s is refused', async (_, as, other, says) => {
      const { end, isUnchanged } = await run(...approval(as, other ?? digest), '--yes');
      const { accepted, reason } = Act.parse(end.document);
      expect([end.exit, accepted, isUnchanged]).toEqual([4, false, true]);
      expect(reason).toMatch(says);
    });

    it('an approval without `--yes` is not sent where nobody can be asked', async () => {
      const { end, isUnchanged } = await run(...approval('lead-b', digest));
      const expected = { exit: 2, code: 'USAGE', says: /no terminal to ask at/, hint: /`--yes`/ };
      expectError({ ...Failure.parse(end.document).error, exit: end.exit }, expected);
      expect(end.progress).toContain(id);
      expect(isUnchanged).toBe(true);
    });

    it('leaves the release waiting, and the right approval is accepted', async () => {
      const { end, isUnchanged } = await run(...approval('lead-b', digest), '--yes');
      expect(Act.parse(end.document)).toEqual({ kind: 'act', accepted: true });
      const { exit, document } = await oneRoof(world, 'status', id);
      expect([exit, Status.parse(document).tiers.map(({ outcome }) => outcome)]).toEqual([
        3,
        ['not reached', 'not reached'],
      ]);
      expect(isUnchanged).toBe(true);
    });

    function approval(as: string, of: string): readonly string[] {
      return ['approve', id, '--gate', 'rollout', '--digest', of, '--as', as, '--reason', 'a test'];
    }
  });

  it('leaves production as it was, by pg_dump, and no clone', async () => {
    expect(await pgDump(world)).toEqual(production);
    const { document } = await oneRoof(world, 'clones', 'list');
    expect(document).toMatchObject({ clones: [] });
  });

  /** Runs a command, and looks whether anything was written in the cluster meanwhile. */
  async function run(...words: readonly string[]): Promise<{ end: CommandEnd; isUnchanged: boolean }> {
    const before = await witness(world);
    const end = await oneRoof(world, ...words);
    return { end, isUnchanged: (await witness(world)) === before };
  }
});

interface Expected {
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  readonly hint: RegExp;
}

function expectError(
  got: Readonly<Partial<Record<'code' | 'message' | 'hint', string>>> & { readonly exit: number | null },
  { exit, code, says, hint }: Expected,
): void {
  expect([got.exit, got.code]).toEqual([exit, code]);
  expect(got.message).toMatch(says);
  expect(got.hint).toMatch(hint);
}

/** Files of targets beside the world's own. */
function configurations(folder: string): Pick<Place, 'typoTargets' | 'unknownToWorker' | 'otherKinds'> {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const target = (name: string, more: string): string =>
    `${name}: { kind: database, connection: { service: one-roof-production }${more} }\n`;
  return {
    typoTargets: write('typo.yaml', target('production', ', protectd: false')),
    unknownToWorker: write('unknown.yaml', target('elsewhere', '')),
    otherKinds: write(
      'kinds.yaml',
      [
        target('production', ''),
        target('clone-host', ''),
        'waiting: { kind: clone-host, connection: { service: x }, roles: { restorer: root } }\n',
      ].join(''),
    ),
  };
}
