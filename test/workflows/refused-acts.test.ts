import { Court, expectRefused, freshKey, nextAct, recordOf, standing } from './court';
import { CONTROLS, DISAGREEING, JUDGED, MALFORMED, OTHERWISE, WELL_FORMED } from './refusals';
import { commandLine, payloadOf, signedBy, statementFor, writtenFor } from './roads';
import type { ToldRelease } from './told';

jest.setTimeout(180_000);

let court: Court;
beforeAll(async () => (court = await Court.open()));
afterAll(() => court.close());

describe('at a gate where names are claimed', () => {
  let release: ToldRelease;
  let before: string;
  beforeAll(async () => {
    release = await court.waiting({}, false);
    await release.signal('approve', { as: 'dba-b', key: 'the-good-one' });
    await recordOf(release, 'the-good-one');
    before = await standing(release);
  });
  afterAll(async () => {
    await release.signal('abort', { key: 'the-last-one' });
    await release.result();
  });

  it.each(MALFORMED)('a malformed %s of %j is refused: %s', async (act, payload, reason) => {
    const earlier = (await release.acts()).length;
    await release.handle.signal(act, payload);
    const recorded = await nextAct(release, earlier);
    expect(recorded).toMatchObject({ accepted: false, act });
    expect(recorded.reason).toContain(reason);
    expect(await standing(release)).toBe(before);
  });

  it.each(JUDGED)('%s with %j, as a signal, is refused: %s', async (act, change, reason) => {
    const key = freshKey();
    await release.signal(act, { key, ...change });
    await expectRefused(release, key, reason);
    expect(await standing(release)).toBe(before);
  });

  it.each(JUDGED)('%s with %j, by the command line, is refused: %s', async (act, change, reason) => {
    const { gate, digest, as, reason: why } = { ...WELL_FORMED, ...change };
    const name = act === 'openGate' ? 'open-gate' : act;
    const words = ['--gate', gate, '--digest', digest, '--as', as, '--reason', why, '--yes'];
    const answer = await commandLine(court.world, [name, release.handle.workflowId, ...words], court.folder);
    expect(answer).toMatchObject({ exit: 4, accepted: false });
    expect(answer.reason).toContain(reason);
    expect(await standing(release)).toBe(before);
  });

  it.each(CONTROLS)('%s %j, by the command line, is refused: %s', async (name, more, reason, as) => {
    const words = ['--as', as, '--reason', 'said so', '--yes'];
    const answer = await commandLine(
      court.world,
      [name, release.handle.workflowId, ...more, ...words],
      court.folder,
    );
    expect(answer).toMatchObject({ exit: 4, accepted: false });
    expect(answer.reason).toContain(reason);
    expect(await standing(release)).toBe(before);
  });

  it('a signature that nobody here could verify is refused, as a signal and as a file', async () => {
    const statement = await statementFor(release);
    await release.handle.signal('approve', payloadOf(statement, await signedBy(statement, court.keys.a)));
    const reason = 'this target names nobody whose signature counts';
    await expectRefused(release, statement.key, reason);
    const other = await statementFor(release);
    const file = await writtenFor(other, court.keys.a, court.folder);
    const answer = await commandLine(court.world, ['approve', '--file', file, '--yes'], court.folder);
    expect(answer).toMatchObject({ exit: 4, accepted: false });
    expect(answer.reason).toContain(reason);
    expect(await standing(release)).toBe(before);
  });
});

it('refuses, with the signed ones, at least 40 acts for at least 25 reasons', () => {
  const acts = [
    ...MALFORMED.map(([, , reason]) => reason),
    ...JUDGED.map(([, , reason]) => reason),
    ...CONTROLS.map(([, , reason]) => reason),
    ...OTHERWISE.map(([, , reason]) => reason),
    ...DISAGREEING.map(([, , reason]) => reason),
  ];
  expect(acts.length).toBeGreaterThanOrEqual(40);
  expect(new Set(acts).size).toBeGreaterThanOrEqual(25);
});
