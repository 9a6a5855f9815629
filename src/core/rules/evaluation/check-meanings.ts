import type { CheckAnswer } from '../../schema/evaluated-rehearsal';
import type { CheckMeaning } from '../../schema/evaluation';

/**
 * Which checks mean anything in a scope: one that fails before and holds after proves it; one that could not even be asked before
 * needs it; one that holds before and after with another figure follows it; one that never changes says nothing about it.
 */
export function checkMeanings(
  before: readonly CheckAnswer[],
  after: readonly CheckAnswer[],
): readonly CheckMeaning[] {
  return after
    .filter(({ check }) => !check.startsWith('gate:')) // a gate is reported, and proves nothing
    .map((now) => {
      const then = before.find(({ file, check }) => file === now.file && check === now.check);
      const answers = { before: then?.answer ?? 'absent', after: now.answer } as const;
      const details = { was: then?.detail ?? '', is: now.detail };
      return { file: now.file, check: now.check, ...answers, ...details, meaning: meaningOf(then, now) };
    });
}

function meaningOf(then: CheckAnswer | undefined, now: CheckAnswer): CheckMeaning['meaning'] {
  if (now.answer !== 'ok') return 'not met';
  if (then === undefined || then.answer === 'unreadable') return 'needs it';
  if (then.answer !== 'ok') return 'proves it';
  return then.detail === now.detail ? 'says nothing' : 'follows it';
}
