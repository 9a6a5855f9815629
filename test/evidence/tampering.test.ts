import type { EvaluationOutcome } from '../../src/core/schema/evaluation';
import { digestOfText, newKey, signerOf } from '../../src/evidence/envelope';
import { keyringOf } from '../../src/evidence/keyring';
import { verifyEvidence } from '../../src/evidence/verification';
import type { EvidenceFile, Verification } from '../../src/evidence/verification';
import {
  OURS,
  REHEARSAL,
  REHEARSAL_OUTCOME,
  RELEASE,
  THEIRS,
  lined,
  made,
  rechained,
  sampleRelease,
  signed,
  statementIn,
} from './chain-sample';
import { BY_AN_OUTSIDER } from './tamperings-outside';
import { SINGLE, SINGLE_OF_ANOTHER_KEY, WITH_THE_KEY } from './tamperings-with-key';

const KEYRING = keyringOf(OURS.publicKey, 'ours');

describe('the verification of evidence', () => {
  it('finds nothing in a chain that is what it was, by pinned keys and a head', () => {
    expect(verified([RELEASE.file], [RELEASE.head])).toMatchObject({ verdict: 'verified', faults: [] });
  });

  it('vouches for the rehearsal that a proven chain names, and for no other', () => {
    const { verdict, files } = verified([RELEASE.file, REHEARSAL.file], [RELEASE.head]);
    expect([verdict, ...files.map(({ tail }) => tail)]).toEqual(['verified', 'proven', 'proven']);
    const alone = verified([REHEARSAL.file], []);
    expect(alone).toMatchObject({ verdict: 'not verified', files: [{ tail: 'unproven' }] });
  });

  it('vouches for the rehearsals that a proven evaluation ran', () => {
    const evaluation = made(evaluationOf(REHEARSAL.head));
    const { verdict, files } = verified([evaluation.file, REHEARSAL.file], [evaluation.head]);
    expect([verdict, ...files.map(({ tail }) => tail)]).toEqual(['verified', 'proven', 'proven']);
    const of = made(evaluationOf('e'.repeat(64)));
    expect(verified([of.file, REHEARSAL.file], [of.head]).files[1]?.tail).toBe('unproven');
  });

  it('takes a chain whose clock was put back while the release ran for what it is', () => {
    const back = made(sampleRelease({ endedAt: '2026-06-03T09:00:00.000Z', rehearsal: null }));
    expect(verified([back.file], [back.head])).toMatchObject({ verdict: 'verified' });
  });

  it('tells two chains of one workflow apart by the head', () => {
    const again = made(sampleRelease({ outcome: 'released', rehearsal: null }));
    const { files } = verified([RELEASE.file, again.file], [RELEASE.head]);
    expect(files.map(({ tail }) => tail)).toEqual(['proven', 'superseded']);
    const headless = verified([RELEASE.file, again.file], []);
    expect(headless.verdict).toBe('not verified');
  });

  it('refuses a chain put together of two trusted keys', () => {
    const { lines } = rechained((all) => all);
    const last = signed(statementIn(lines.at(-1) ?? ''), THEIRS);
    const ring = new Map([...KEYRING, ...keyringOf(THEIRS.publicKey, 'theirs')]);
    const file = { ...lined([...lines.slice(0, -1), last]), name: 'x', isNamed: false };
    const grounds = { keyring: ring, arePinned: true, heads: [{ digest: digestOfText(last), of: null }] };
    const { verdict, files } = verifyEvidence([file], grounds);
    expect([verdict, files[0]?.faults.map(({ link, fault }) => [link, fault])]).toEqual([
      'refused',
      [[7, 'key']],
    ]);
  });

  it('takes no key from a file that holds a private one as well', () => {
    const secret = newKey();
    const file = `${signerOf(secret).publicKey}${secret}`;
    expect(() => keyringOf(file, 'both')).toThrow(/a private key, which only the workers need/);
  });

  it('says that the tail is unproven where no head is given', () => {
    const { verdict, files } = verified([RELEASE.file], []);
    expect([verdict, files[0]?.tail]).toEqual(['not verified', 'unproven']);
    expect(files[0]?.unproven).toEqual([expect.stringMatching(/^tail unproven: /)]);
    const cut = verified([lined(RELEASE.lines.slice(0, -1))], []);
    expect(cut.verdict).toBe('refused');
    expect(cut.files[0]?.unproven).toEqual([expect.stringMatching(/^tail unproven: /)]);
  });

  it('does not call it verified by keys that nobody has pinned', () => {
    const grounds = { keyring: KEYRING, arePinned: false, heads: [{ digest: RELEASE.head, of: null }] };
    const { verdict, files } = verifyEvidence([RELEASE.file], grounds);
    expect(verdict).toBe('not verified');
    expect(files[0]?.unproven).toEqual([expect.stringMatching(/^keys not pinned: /)]);
  });

  it('trusts no key where none is given', () => {
    const grounds = { keyring: new Map(), arePinned: true, heads: [{ digest: RELEASE.head, of: null }] };
    const faults = verifyEvidence([RELEASE.file], grounds).files[0]?.faults ?? [];
    expect(faults.map(({ link, fault }) => [link, fault])).toEqual(
      RELEASE.lines.map((_, index) => [index + 1, 'key']),
    );
  });

  it('misses evidence that is gone, and names it where it is nobody else’s', () => {
    const { verdict, faults } = verified([], [RELEASE.head]);
    expect([verdict, faults[0]?.says]).toEqual([
      'refused',
      `no chain here ends with ${RELEASE.head.slice(0, 12)}…`,
    ]);
  });

  it.each(Object.entries(BY_AN_OUTSIDER))('refuses %s', (_, { file, head = RELEASE.head, link, fault }) => {
    const { verdict, files } = verified([file], [head]);
    expect(verdict).toBe('refused');
    expect(files[0]?.faults.map((each) => [each.link, each.fault])).toContainEqual([link, fault]);
    expect(firstLink(files[0]?.faults ?? [])).toBe(link);
  });

  it.each(Object.entries(WITH_THE_KEY))(
    'refuses %s, though the key has signed it',
    (_, { file, head = '', link, fault }) => {
      const { verdict, files } = verified([file], [head]);
      expect(verdict).toBe('refused');
      expect(files[0]?.faults.map((each) => [each.link, each.fault])).toContainEqual([link, fault]);
    },
  );

  it('refuses all of them without a head too, but for whole chains that are only not the one', () => {
    const kept = Object.entries({ ...BY_AN_OUTSIDER, ...WITH_THE_KEY }).filter(
      ([, { file }]) => verified([file], []).verdict !== 'refused',
    );
    expect(kept.map(([name]) => name)).toEqual([
      'another chain of the same release',
      'the evidence of another release',
    ]);
  });

  it('holds more than forty tamperings', () => {
    expect(Object.keys(BY_AN_OUTSIDER).length).toBeGreaterThan(40);
  });

  it('still reads evidence of one envelope, and refuses it changed or of another key', () => {
    const head = digestOfText(SINGLE.bytes.toString('utf8'));
    expect(verified([SINGLE], [head]).verdict).toBe('verified');
    expect(verified([SINGLE_OF_ANOTHER_KEY], []).files[0]?.faults[0]).toMatchObject({
      link: 1,
      fault: 'key',
    });
    const changed = {
      ...SINGLE,
      bytes: Buffer.from(SINGLE.bytes.toString('utf8').replace('"sig": "', '"sig": "A')),
    };
    expect(verified([changed], [head]).files[0]?.faults[0]).toMatchObject({ link: 1, fault: 'signature' });
    const longer = { ...SINGLE, bytes: Buffer.concat([SINGLE.bytes, Buffer.from(' ')]) };
    expect(verified([longer], [head]).files[0]?.faults[0]).toMatchObject({ link: 1, fault: 'form' });
  });

  it('takes public keys alone', () => {
    expect(() => keyringOf('-----BEGIN PRIVATE KEY-----', 'key.pem')).toThrow(/which only the workers need/);
    expect([...keyringOf(OURS.publicKey + THEIRS.publicKey, 'both').keys()]).toEqual([
      OURS.keyId,
      THEIRS.keyId,
    ]);
  });
});

function verified(files: readonly EvidenceFile[], heads: readonly string[]): Verification {
  const known = heads.map((digest) => ({ digest, of: null }));
  return verifyEvidence(files, { keyring: KEYRING, arePinned: true, heads: known });
}

/** Which link broke: the first that anything is said of. */
function firstLink(faults: readonly { readonly link: number | null }[]): number | null {
  return faults[0]?.link ?? null;
}

/** An evaluation of one scope, with the head of the evidence that its rehearsal left. */
function evaluationOf(evidence: string): EvaluationOutcome {
  const { package: pkg, scope, source, sourceIdentity, cloneHost, startedAt, endedAt } = REHEARSAL_OUTCOME;
  const nothing = { tiers: [], earlier: [], metrics: [], figures: {}, checks: [], unmetEntry: [], locks: [] };
  const run = { scope, outcome: 'rehearsed', rehearsal: REHEARSAL_OUTCOME.id, evidence } as const;
  return {
    kind: 'evaluation',
    id: 'evaluation-one-roof-governance-aaaaaa',
    outcome: 'evaluated',
    package: pkg,
    scopes: [scope],
    ...{ source, sourceIdentity, cloneHost, startedAt, endedAt, requester: null },
    ...{ recommendations: [], waysBack: [], ends: [], clonesLeft: [], stages: [], evidence: null },
    runs: [{ ...run, ...nothing, after: [], ms: 1, gates: [], mutations: 0, clonesLeft: [] }],
    mutations: { source: 0 },
  };
}
