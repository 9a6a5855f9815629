import { locksChart } from '../../../src/evidence/chart/locks';
import { tierTimesChart } from '../../../src/evidence/chart/tier-times';
import { timelineChart } from '../../../src/evidence/chart/timeline';
import type { TimedStage } from '../../../src/evidence/chart/timeline';

const EVIL = '</svg><script>alert(1)</script>"\u202Ex';
const AT = Date.parse('2026-06-03T10:00:00.000Z');

function stage(change: Partial<TimedStage> = {}): TimedStage {
  return { name: 'audit', kind: 'work', from: AT, to: AT + 1000, attempts: 1, ...change };
}

describe('the timeline', () => {
  it('has a row for each stage, with its time', () => {
    const { body, height } = timelineChart(
      [stage(), stage({ name: '10_a', from: AT + 1000, to: AT + 3500 })],
      [],
    );
    expect(body).toContain('>audit</text>');
    expect(body).toContain('>2.5 s</text>');
    expect(height).toBeGreaterThan(timelineChart([stage()], []).height);
  });

  it('says how often a tier was tried, and which failed', () => {
    const { body } = timelineChart([stage({ name: '10_a', attempts: 3, kind: 'failed' })], []);
    expect(body).toContain('10_a · 3 attempts ✗');
    expect(body).toContain('class="failed"');
  });

  it('cuts a long wait, says so in its legend, and names the date where it ends on another day', () => {
    const gate = stage({ name: 'gate before 10_a', kind: 'wait', from: AT + 1000, to: AT + 21 * 86_400_000 });
    const { body, legend } = timelineChart([stage(), gate], []);
    expect(body).toContain('waited 21 d 0 h');
    expect(body).toContain('class="sign"');
    expect(body).toContain('>06-24 10:00:00Z</text>');
    expect(legend).toContainEqual(['wait', 'waiting; where it is cut, it is drawn shorter than it was']);
  });

  it('marks what people did, accepted and refused, each in its own shape', () => {
    const marks = [
      { at: AT + 10, kind: 'yes', words: 'approve by dba-a: accepted' },
      { at: AT + 20, kind: 'no', words: 'approve by lead-a: refused' },
    ] as const;
    const { body } = timelineChart([stage()], marks);
    expect(body).toMatch(/<circle[^>]*class="yes"><title>approve by dba-a: accepted/);
    expect(body).toMatch(/<path[^>]*class="no"><title>approve by lead-a: refused/);
  });
});

describe('the time of tiers', () => {
  it('sets production beside rehearsal, and says what was not measured', () => {
    const { body } = tierTimesChart([
      { tier: '10_a', production: 100, rehearsal: 50 },
      { tier: '20_b', production: 25, rehearsal: null },
    ]);
    expect(body).toContain('width="76%"');
    expect(body).toContain('width="38%"');
    expect(body).toContain('>not measured</text>');
  });
});

describe('the locks', () => {
  const lock = { relation: 'public.orders', from: 25, to: 100, blocks: 'reads and writes' } as const;

  it('stand from the statement that took them to the end of the tier', () => {
    const { body, legend } = locksChart([{ tier: '10_a', ms: 100, locks: [lock], more: 2 }]);
    expect(body).toContain('x="25%"');
    expect(body).toContain('width="75%"');
    expect(body).toContain('and 2 more, in the table');
    expect(legend).toEqual([['blocks-all', 'blocks reads and writes']]);
  });

  it('show the end of a long name, and say where nothing was locked', () => {
    const long = { ...lock, relation: `public.${'x'.repeat(60)}_tail` };
    const { body } = locksChart([
      { tier: '10_a', ms: 100, locks: [long], more: 0 },
      { tier: '20_b', ms: 100, locks: [], more: 0 },
    ]);
    expect(body).toContain('_tail</text>');
    expect(body).toContain('keeps nobody from reading or writing');
  });
});

describe('whatever a name in a picture holds', () => {
  it.each([
    ['a stage', timelineChart([stage({ name: EVIL })], [{ at: AT, kind: 'yes', words: EVIL }]).body],
    ['a tier', tierTimesChart([{ tier: EVIL, production: 1, rehearsal: 1 }]).body],
    [
      'a relation',
      locksChart([
        { tier: EVIL, ms: 1, locks: [{ relation: EVIL, from: 0, to: 1, blocks: 'writes' }], more: 0 },
      ]).body,
    ],
  ])('is text in the name of %s', (_, body) => {
    expect(body).not.toMatch(/<script|<\/svg><script|\u202E/);
    expect(body).toContain('&lt;');
  });
});
