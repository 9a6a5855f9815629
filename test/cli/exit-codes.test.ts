import { exitOfEnd, exitOfFailure, exitOfStatus } from '../../src/cli/exit-codes';
import { FAILURES } from '../../src/core/rules/failures';
import { waitingStatus } from './outcomes';

describe('the exit code', () => {
  it.each([
    ['rehearsed', 0],
    ['released', 0],
    ['failed', 1],
    ['rolled back', 1],
    ['rejected', 1],
    ['expired', 1],
    ['aborted', 1],
    ['refused', 4],
    ['stuck', 5],
  ] as const)('of what ended %s is %i', (end, code) => {
    expect(exitOfEnd(end)).toBe(code);
  });

  it('of what waits for people at a gate is 3', () => {
    expect(exitOfStatus(waitingStatus())).toBe(3);
  });

  it('of what is paused is 3', () => {
    expect(exitOfStatus(waitingStatus({ waitingFor: [], choices: [], paused: true }))).toBe(3);
  });

  it('of what holds for a decision is 5', () => {
    const choices = ['decide retry: go on where it stopped', 'decide rollback: undo it'];
    expect(exitOfStatus(waitingStatus({ choices }))).toBe(5);
  });

  it('of what goes on is 0', () => {
    expect(exitOfStatus(waitingStatus({ waitingFor: [], choices: [] }))).toBe(0);
  });

  it('of a failure is that of the table, and 1 for a code of nobody', () => {
    for (const [code, { exit }] of Object.entries(FAILURES)) expect(exitOfFailure(code)).toBe(exit);
    expect(exitOfFailure('NO_SUCH_CODE')).toBe(1);
  });
});
