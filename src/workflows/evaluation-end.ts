import { allHandlersFinished, condition, isCancellation, sleep } from '@temporalio/workflow';
import { FAILURES } from '../core/rules/failures';
import { scopeGates, splitRequires } from '../core/rules/evaluation/gate-split';
import { recommend } from '../core/rules/evaluation/recommend';
import { waysBack } from '../core/rules/evaluation/ways-back';
import type { EndsCompared, EvaluationOutcome, Recommendation } from '../core/schema/evaluation';
import { anywhere, ask } from './asking';
import type { EvaluationBook, Judged, Step } from './evaluation-book';
import { asOutcomeError, judge } from './verdict';

/** Does each way in two steps end where the whole scope ends? */
export async function compareWays(book: EvaluationBook): Promise<readonly EndsCompared[]> {
  for (const { scope, part } of book.steps) {
    if (part === undefined) continue;
    const [path, whole] = [book.find({ scope, part }), book.find({ scope, part: undefined })];
    book.memory.ends.push({ scope, after: [part], ...(await compared(scope, whole, path)) });
  }
  return book.memory.ends;
}

async function compared(
  scope: string,
  whole: Judged | undefined,
  path: Judged | undefined,
): Promise<Pick<EndsCompared, 'comparison' | 'excused'>> {
  const [one, other] = [spanOf(whole), spanOf(path)];
  if (one === undefined || other === undefined) return { comparison: null, excused: [] };
  return ask(anywhere.compareEnds, `${scope}: at once, and in two steps`, { one, other });
}

function spanOf(judged: Judged | undefined): { entry: string; end: string } | undefined {
  const { entry, end } = judged?.outcome?.evaluated ?? { entry: null, end: null };
  return entry === null || end === null ? undefined : { entry: entry.ref, end: end.ref };
}

/** Whatever happened: what was found is recommended by, signed and kept. */
export async function conclude(
  book: EvaluationBook,
  failure: EvaluationOutcome['error'],
): Promise<EvaluationOutcome> {
  const { stopped, story, memory } = book;
  const error =
    stopped === null ? failure : { code: 'ABORTED', message: stopped, hint: FAILURES.ABORTED.hint };
  const outcome = error === undefined ? 'evaluated' : error.code === 'ABORTED' ? 'aborted' : 'failed';
  memory.recommendations = recommendations(book);
  memory.evidence = await recorded(book, book.outcome(outcome, error));
  story.show(outcome);
  await condition(allHandlersFinished);
  return book.outcome(outcome, error);
}

function recommendations(book: EvaluationBook): Recommendation[] {
  return book.steps.flatMap((step) => recommendationOf(book, step) ?? []);
}

function recommendationOf(book: EvaluationBook, { scope, part }: Step): Recommendation | undefined {
  if (part === undefined) return undefined;
  const [first, whole, path] = [
    book.find({ scope: part, part: undefined }),
    book.find({ scope, part: undefined }),
    book.find({ scope, part }),
  ];
  if (first === undefined || whole === undefined || path === undefined) return undefined;
  const readings = [first, whole, path].flatMap(({ outcome }) => outcome?.gates ?? []);
  const gated = (name: string) => ({
    plan: book.planOf(name),
    policyGates: book.source.policy.gates,
    readings,
  });
  const runs = [first.run, whole.run, path.run];
  return recommend({
    part: first.run,
    whole: { ...whole.run, gates: [...scopeGates(gated(scope))] },
    path: path.run,
    ends: book.memory.ends.find((each) => each.scope === scope && each.after[0] === part) ?? {
      scope,
      after: [part],
      comparison: null,
      excused: [],
    },
    ways: waysBack(runs),
    split: splitRequires(gated(part), gated(scope), book.order.source),
  });
}

/** What must be stored is tried until it is, and the UI says what it waits for. */
async function recorded({ story }: EvaluationBook, outcome: EvaluationOutcome): Promise<string> {
  for (;;) {
    try {
      return (await ask(anywhere.recordEvidence, `${outcome.outcome}: signed and kept`, { outcome })).digest;
    } catch (failure) {
      const { code, message } = judge(failure);
      story.wait(() => [`the store: ${code}: ${message}; it is tried again every minute`]);
      await sleep('1m', { summary: `store: again after ${code}` });
      story.goOn();
    }
  }
}

/** Why it ended before its end. */
export function wordsOf(failure: unknown): NonNullable<EvaluationOutcome['error']> {
  if (isCancellation(failure))
    return { code: 'ABORTED', message: "cancelled by Temporal's own cancel", hint: FAILURES.ABORTED.hint };
  return asOutcomeError(judge(failure));
}
