import {
  SIGNATURE_NAMESPACE,
  packSigned,
  readSigned,
  statementText,
} from '../../src/core/rules/approval-statement';
import { Court, expectRefused, freshKey, recordOf, standing } from './court';
import { DISAGREEING, OTHERWISE } from './refusals';
import { commandLine, payloadOf, sign, signedBy, statementFor, writtenFor } from './roads';
import type { ToldRelease } from './told';

jest.setTimeout(180_000);

let court: Court;
beforeAll(async () => (court = await Court.open()));
afterAll(() => court.close());

describe('at a gate where acts are signed', () => {
  let release: ToldRelease;
  let before: string;
  beforeAll(async () => {
    release = await court.waiting({ assurance: 'ssh', allowedSigners: '/somewhere' }, true);
    before = await standing(release);
  });

  it.each([
    ['approve', {}],
    ['reject', {}],
  ] as const)('a claimed %s is refused', async (act, change) => {
    const key = freshKey();
    await release.signal(act, { key, ...change });
    await expectRefused(release, key, 'this target asks for signed acts');
    expect(await standing(release)).toBe(before);
  });

  it.each(OTHERWISE)(
    'a statement of another %s, well signed, is refused as a signal',
    async (_, change, reason) => {
      const statement = await statementFor(release, change);
      await release.handle.signal('approve', payloadOf(statement, await signedBy(statement, court.keys.a)));
      await expectRefused(release, statement.key, reason);
      expect(await standing(release)).toBe(before);
    },
  );

  it.each(OTHERWISE.slice(1, 5))(
    'a statement of another %s, well signed, is refused as a file',
    async (_, change, reason) => {
      const statement = await statementFor(release, change);
      const file = await writtenFor(statement, court.keys.a, court.folder);
      const answer = await commandLine(court.world, ['approve', '--file', file, '--yes'], court.folder);
      expect(answer).toMatchObject({ exit: 4, accepted: false });
      expect(answer.reason).toContain(reason);
      expect(await standing(release)).toBe(before);
    },
  );

  it.each(DISAGREEING)(
    'a signal with the signature of a statement of %s is refused',
    async (_, change, reason) => {
      const good = await statementFor(release);
      const other = { ...good, ...change };
      await release.handle.signal('approve', payloadOf(good, await signedBy(other, court.keys.a)));
      await expectRefused(release, good.key, reason);
      expect(await standing(release)).toBe(before);
    },
  );

  it.each([
    ['nothing that can be read', () => 'yes', 'signed is not a statement and its signature'],
    ['no canonical statement', (text: string) => `${text} `, 'not in its canonical form'],
  ] as const)('a signal that bears %s is refused', async (_, make, reason) => {
    const good = await statementFor(release);
    const text = make(statementText(good));
    const signed = text === 'yes' ? text : await signedBy(good, court.keys.a, text);
    await release.handle.signal('approve', payloadOf(good, signed));
    await expectRefused(release, good.key, reason);
    expect(await standing(release)).toBe(before);
  });

  it.each([
    ['of another approver', () => court.keys.b, SIGNATURE_NAMESPACE],
    ['of a stranger', () => court.keys.stranger, SIGNATURE_NAMESPACE],
    ['that was made for another purpose', () => court.keys.a, 'git'],
  ] as const)('a signature %s is refused', async (_, key, namespace) => {
    const good = await statementFor(release);
    const text = statementText(good);
    const signed = packSigned(text, await sign(text, key(), namespace));
    await release.handle.signal('approve', payloadOf(good, signed));
    await expectRefused(release, good.key, 'no good signature of dba-a');
    expect(await standing(release)).toBe(before);
  });

  it('opens by a signed signal and a signed file, of two people, and keeps both signatures', async () => {
    const first = await statementFor(release);
    await release.handle.signal('approve', payloadOf(first, await signedBy(first, court.keys.a)));
    await expect(recordOf(release, first.key)).resolves.toMatchObject({ accepted: true });
    const again = payloadOf(first, await signedBy(first, court.keys.a));
    await release.handle.signal('approve', again); // the same key: answered already
    const second = await statementFor(release, { who: 'dba-b' });
    const file = await writtenFor(second, court.keys.b, court.folder);
    const answer = await commandLine(court.world, ['approve', '--file', file, '--yes'], court.folder);
    expect(answer).toMatchObject({ exit: 0, accepted: true });
    await release.until((status) => status.stage === 'gate before 20_b');
    await refusedLater('approve', 'gate rollout has been passed already');
    const last = await statementFor(release, { who: 'dba-b', gate: 'later' });
    await release.handle.signal('openGate', payloadOf(last, await signedBy(last, court.keys.b)));
    const outcome = await release.result();
    expect(outcome.outcome).toBe('released');
    expect(court.applied).toEqual(['apply 10_a 1', 'apply 20_b 2', 'apply 30_c 3']);
    expect(outcome.approvals.map(({ who, assurance }) => [who, assurance])).toEqual([
      ['dba-a', 'ssh'],
      ['dba-b', 'ssh'],
      ['dba-b', 'ssh'],
    ]);
    expect(outcome.approvals.map(({ signed }) => readSigned(signed ?? '')?.statement)).toEqual(
      [first, second, last].map(statementText),
    );
  });

  async function refusedLater(act: string, reason: string): Promise<void> {
    const statement = await statementFor(release);
    await release.handle.signal(act, payloadOf(statement, await signedBy(statement, court.keys.a)));
    await expectRefused(release, statement.key, reason);
  }
});
