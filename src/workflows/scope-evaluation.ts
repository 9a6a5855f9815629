import { CancellationScope } from '@temporalio/workflow';
import type { EvaluationOrder, EvaluationOutcome } from '../core/schema/evaluation';
import { EvaluationBook } from './evaluation-book';
import { compareWays, conclude, wordsOf } from './evaluation-end';
import { learn } from './evaluation-plans';
import { rehearseStep } from './evaluation-step';

/**
 * Rehearses each scope of a package on a clone of its own, and each way in two steps, a part first and the rest after it, one
 * after the other; compares them, and recommends. A rehearsal that fails is a result, not the end.
 */
export async function scopeEvaluation(order: EvaluationOrder): Promise<EvaluationOutcome> {
  const book = new EvaluationBook(order);
  let error: EvaluationOutcome['error'];
  try {
    book.story.show('evaluating');
    await book.story.stage(
      'audit',
      () => learn(book),
      (steps) => `${steps.length} rehearsals`,
    );
    for (const step of book.steps) {
      if (book.stopped !== null) break;
      await rehearseStep(book, step);
    }
    await book.story.stage(
      'compare',
      () => compareWays(book),
      (ends) =>
        ends.map(({ comparison }) => comparison?.verdict ?? 'not shown').join(', ') || 'nothing to compare',
    );
  } catch (failure) {
    error = wordsOf(failure);
  }
  return CancellationScope.nonCancellable(() => conclude(book, error));
}
