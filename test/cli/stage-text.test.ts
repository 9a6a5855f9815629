import { createColors } from 'picocolors';
import { leftText, stageTitle } from '../../src/cli/print/stage-text';
import { stagesText } from '../../src/cli/print/status-text';
import { underWay } from '../../src/cli/progress/under-way';
import { StageRecord } from '../../src/core/schema/outcome';
import { waitingStatus } from './outcomes';

const BEGUN = Date.parse('2026-06-03T10:00:00.000Z');
const ROWS = { what: 'rows', done: 25, total: 100, unit: 'rows' } as const;

describe('a stage on the screen', () => {
  it('shows, while it runs, how long its rehearsal took and about how much is left', () => {
    expect(stageTitle(running(4_000), BEGUN + 1_200)).toBe(
      '30_ownership_seed  1.2 s (4.0 s in rehearsal, about 3 s left)',
    );
  });

  it.each([
    [0, '30_ownership_seed  0 ms (4.0 s in rehearsal, about 4 s left)'],
    [3_500, '30_ownership_seed  3.5 s (4.0 s in rehearsal, less than 1 s left)'],
    [4_000, '30_ownership_seed  4.0 s (4.0 s in rehearsal, less than 1 s left)'],
    [4_100, '30_ownership_seed  4.1 s (longer than the 4.0 s of its rehearsal)'],
    [-9_000, '30_ownership_seed  0 ms (4.0 s in rehearsal, about 4 s left)'],
  ])('says it %d ms after its beginning', (ms, title) => {
    expect(stageTitle(running(4_000), BEGUN + ms)).toBe(title);
  });

  it('calls nothing late within its first second', () => {
    expect(stageTitle(running(70), BEGUN + 900)).toContain('(70 ms in rehearsal, less than 1 s left)');
    expect(stageTitle(running(70), BEGUN + 1_000)).toContain('(longer than the 70 ms of its rehearsal)');
  });

  it('shows its time alone where it was not rehearsed', () => {
    expect(stageTitle(running(), BEGUN + 1_200)).toBe('30_ownership_seed  1.2 s');
  });

  it('shows what it took and nothing more when it is done', () => {
    const done = { ...running(4_000), state: 'done', ms: 950, note: '1 statement' } as const;
    expect(stageTitle(done, BEGUN + 9_000)).toBe('30_ownership_seed  950 ms: 1 statement');
  });

  it('expects nothing of what waits for people', () => {
    const waiting = { ...running(4_000), stage: 'gate', state: 'waiting' } as const;
    expect(stageTitle(waiting, BEGUN + 9_000)).toBe('gate  9.0 s');
  });

  it.each([
    [999, 'less than 1 s left'],
    [1_499, 'about 1 s left'],
    [59_600, 'about 60 s left'],
    [70_000, 'about 1 min 10 s left'],
    [3 * 3_600_000, 'about 3 h 0 min left'],
  ])('rounds %d ms', (ms, text) => {
    expect(leftText(ms)).toBe(text);
  });
});

describe('the stages of a status', () => {
  it('show of one that runs its time so far, and what its rehearsal lets expect', () => {
    const rows = stagesText([running(4_000)], createColors(false), BEGUN + 1_200).split('\n');
    expect(rows[1]).toBe('▸ 30_ownership_seed  running  1.2 s  4.0 s in rehearsal, about 3 s left');
  });

  it('show of one that has ended what it took', () => {
    const done = { ...running(4_000), state: 'done', ms: 950, note: '1 statement' } as const;
    const rows = stagesText([done], createColors(false), BEGUN + 9_000).split('\n');
    expect(rows[1]).toBe('✓ 30_ownership_seed  done   950 ms  1 statement');
  });
});

describe('what stands below the spinner', () => {
  it('guesses from the pace what is left where no rehearsal says it', () => {
    expect(below(running())).toBe('rows ██████░░░░░░░░░░░░░░░░░░ 25/100 rows, about 6 s left');
  });

  it('leaves that to the rehearsal where there was one', () => {
    expect(below(running(4_000))).toBe('applyTier rows ██████░░░░░░░░░░░░░░░░░░ 25/100 rows');
  });

  it('guesses again when it takes longer than in rehearsal', () => {
    expect(below(running(1_500))).toContain('about 6 s left');
  });
});

/** What stands below it two seconds after its beginning. */
function below(record: StageRecord): string {
  const status = waitingStatus({ stages: [record], since: record.startedAt ?? '', waitingFor: [] });
  const pending = [
    { activity: 'applyTier', attempt: 1, queuedSince: null, progress: ROWS, lastFailure: null },
  ];
  return underWay({ status, pending, silent: undefined, ended: false }, 0, BEGUN + 2_000);
}

function running(expectedMs?: number): StageRecord {
  const startedAt = new Date(BEGUN).toISOString();
  return StageRecord.parse({ stage: '30_ownership_seed', state: 'running', startedAt, expectedMs });
}
