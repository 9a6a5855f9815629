import { plainLines } from '../../src/cli/progress/plain-lines';
import type { Observation } from '../../src/client/watching';
import type { StageRecord, Status } from '../../src/core/schema/outcome';
import { waitingStatus } from './outcomes';

describe('progress without a terminal', () => {
  it('is one line for each change, however often it is looked at', () => {
    const { lines, see } = recorder();
    see(seen());
    see(seen());
    expect(lines).toEqual([
      '✓ audit: done in 87 ms, digest d96a…',
      '◦ gate before 10_structure: waiting',
      '  waits for: gate rollout: 1 more approval of group dba (dba-a, dba-b)',
    ]);
  });

  it('says what the rehearsal lets expect of a stage, and once that it takes longer', () => {
    const { lines, see, clock } = recorder();
    const startedAt = '2026-06-03T10:00:00.000Z';
    const stage = { stage: '30_ownership_seed', startedAt, expectedMs: 4_000 };
    const at = (ms: number): number => (clock.now = Date.parse(startedAt) + ms);
    const runs = { ...seen(), status: statusOf({ ...stage, state: 'running' }) };
    for (const ms of [200, 700, 4_200, 9_000]) {
      at(ms);
      see(runs);
    }
    see({ ...seen(), status: statusOf({ ...stage, state: 'done', ms: 9_300 }) });
    expect(lines).toEqual([
      '▸ 30_ownership_seed: running for 200 ms (4.0 s in rehearsal, about 4 s left)',
      '▸ 30_ownership_seed: running for 4.2 s (longer than the 4.0 s of its rehearsal)',
      '✓ 30_ownership_seed: done in 9.3 s',
    ]);
  });

  it('says who is silent, again after a while, and when it answers again', () => {
    const { lines, see, clock } = recorder();
    const silent = { who: 'worker', why: 'no answer in time' } as const;
    see({ ...seen(), status: undefined, silent });
    see({ ...seen(), status: undefined, silent: { ...silent, why: 'in other words' } });
    clock.now += 30_000;
    see({ ...seen(), status: undefined, silent });
    see({ ...seen(), status: undefined });
    see({ ...seen(), status: undefined });
    const line =
      '! no worker answers (no answer in time); start one with `one-roof worker` or `one-roof up`, nothing is lost';
    expect(lines).toEqual([line, line, 'it answers again']);
  });
});

function seen(): Observation {
  return { status: waitingStatus(), pending: [], silent: undefined, ended: false };
}

function statusOf(record: StageRecord): Status {
  return waitingStatus({ stages: [record], waitingFor: [] });
}

function recorder(): { lines: string[]; see: (observation: Observation) => void; clock: { now: number } } {
  const lines: string[] = [];
  const clock = { now: 0 };
  const reporter = plainLines(
    (line) => lines.push(line),
    () => clock.now,
  );
  return { lines, see: reporter.see, clock };
}
