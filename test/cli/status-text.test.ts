import { createColors } from 'picocolors';
import { nextCommands } from '../../src/cli/next-commands';
import { statusText } from '../../src/cli/print/status-text';
import { DIGEST, waitingStatus } from './outcomes';

const LOOK = { colours: createColors(false), now: Date.parse('2026-06-03T10:01:00.000Z') };
const SINCE = '2026-06-03T10:00:00.000Z';
const ID = 'release-one-roof-governance-osmxz2';

describe('the status of a release that waits', () => {
  const text = statusText(waitingStatus(), [], LOOK);

  it('says what it waits for and since when', () => {
    expect(text).toContain(`${ID}: waits`);
    expect(text).toContain('since 2026-06-03 10:00:00Z (1 min 0 s ago)');
    expect(text).toContain('gate rollout: 1 more approval of group dba (dba-a, dba-b)');
  });

  it('says who is missing, and what the hard gate last said, and when', () => {
    expect(text).toContain('release 1/1 (lead-b); dba 0/1, missing 1 of dba-a, dba-b');
    expect(text).toContain('closed: read 0, opens at > 0; 2026-06-03 10:00:00Z (1 min 0 s ago)');
  });

  it('names the exact command to type next', () => {
    const line = `one-roof approve ${ID} --gate rollout --digest ${DIGEST} --as NAME --reason "WHY"  # NAME: dba-a or dba-b`;
    expect(text).toContain(line);
  });

  it('shows the try that an activity is in and why', () => {
    const pending = {
      activity: 'readBaseline',
      attempt: 3,
      queuedSince: null,
      progress: { what: 'restore', done: 10, total: 40, unit: 'tables' as const },
      lastFailure: 'CONNECT_FAILED: refused',
    };
    expect(statusText(waitingStatus(), [pending], LOOK)).toContain(
      'readBaseline restore ██████░░░░░░░░░░░░░░░░░░ 10/40 tables, try 3: CONNECT_FAILED: refused',
    );
  });
});

describe('a rollback that is stuck', () => {
  it('shows its SQL word for word, what is applied, and where to read what to do', () => {
    const text = statusText(
      waitingStatus({
        stage: 'stuck',
        stages: [
          { stage: 'roll back 10_structure', state: 'running', startedAt: SINCE },
          { stage: 'stuck', state: 'waiting', startedAt: SINCE },
        ],
        tiers: [
          { id: '10_structure', outcome: 'applied' },
          { id: '20_axis', outcome: 'rolled back' },
        ],
        choices: ['decide retry: again'],
        stuck: {
          tier: '10_structure',
          file: 'rollback.sql',
          line: 12,
          sql: 'drop table a;\ndrop table b;',
          more: 40,
          runbook: ['docs/operating.md#a-rollback-that-is-stuck'],
        },
      }),
      [],
      LOOK,
    );
    expect(text).toContain(
      [
        '  applied: 10_structure',
        '  rolled back: 20_axis',
        '  stopped at the rollback of 10_structure',
        '  its SQL, from line 12:',
        '    drop table a;',
        '    drop table b;',
        '    -- 40 more characters in the file',
        '  what to do: docs/operating.md#a-rollback-that-is-stuck',
      ].join('\n'),
    );
  });
});

describe('the next commands', () => {
  it('are the two decisions where it holds', () => {
    const commands = nextCommands(
      waitingStatus({ choices: ['decide retry: again', 'decide rollback: undo'] }),
    );
    expect(commands).toEqual([
      `one-roof decide ${ID} retry --as YOUR-NAME --reason "WHY"`,
      `one-roof decide ${ID} rollback --as YOUR-NAME --reason "WHY"`,
    ]);
  });

  it('are none where it goes on by itself', () => {
    expect(nextCommands(waitingStatus({ waitingFor: [], choices: [] }))).toEqual([]);
  });

  it('begin with resume where it is paused', () => {
    expect(nextCommands(waitingStatus({ paused: true }))[0]).toContain('one-roof resume');
  });
});
