import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  condition,
  isCancellation,
  startChild,
} from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import { WORKFLOWS } from '../core/rules/contract';
import { FAILURES } from '../core/rules/failures';
import { scopeGates } from '../core/rules/evaluation/gate-split';
import { scopeRun, unreachedRun } from '../core/rules/evaluation/scope-run';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import type { ScopeLock } from '../core/schema/evaluation';
import type { RehearsalOrder } from '../core/schema/order';
import type { RehearsalOutcome } from '../core/schema/outcome';
import { anywhere, ask } from './asking';
import type { EvaluationBook, Step } from './evaluation-book';
import type { rehearsal } from './rehearsal';
import { asOutcomeError, judge } from './verdict';

/** One rehearsal, judged. It fails, is aborted or cannot be reached without ending the evaluation. */
export async function rehearseStep(book: EvaluationBook, step: Step): Promise<void> {
  const { scope, part } = step;
  const after = part === undefined ? [] : [part];
  const name = part === undefined ? `rehearse ${scope}` : `rehearse ${scope} after ${part}`;
  if (part !== undefined && book.find({ scope: part, part: undefined })?.outcome?.outcome !== 'rehearsed') {
    const why = `${part} was not rehearsed: there is no state to begin with`;
    book.story.mark(name, 'skipped', why);
    const error = { code: 'ABORTED', message: why, hint: FAILURES.ABORTED.hint };
    book.note({
      run: unreachedRun({ scope, after, outcome: 'not reached', rehearsal: null }, error),
      outcome: undefined,
    });
    return;
  }
  await book.story.stage(
    name,
    () => rehearseAndJudge(book, step, after),
    (end) => end,
  );
}

async function rehearseAndJudge(book: EvaluationBook, step: Step, after: string[]): Promise<string> {
  const rehearsalId = book.rehearsalId(step);
  try {
    const outcome = await rehearsed(book, rehearsalId, orderOf(book, step, after));
    const plan = book.planOf(step.scope);
    const { gates: policyGates } = book.source.policy;
    const gates = scopeGates({ plan, policyGates, readings: outcome.gates });
    book.note({
      run: scopeRun({
        outcome,
        plan,
        locks: await CancellationScope.nonCancellable(() => locksOf(outcome)),
        gates,
      }),
      outcome,
    });
    return outcome.error === undefined ? outcome.outcome : `${outcome.outcome}: ${outcome.error.code}`;
  } catch (failure) {
    if (isCancellation(failure)) throw failure;
    const { scope } = step;
    const run = unreachedRun(
      { scope, after, outcome: 'failed', rehearsal: rehearsalId },
      asOutcomeError(judge(failure)),
    );
    book.note({ run, outcome: undefined });
    return `failed: ${judge(failure).message}`;
  }
}

function orderOf({ order }: EvaluationBook, { scope }: Step, after: string[]): RehearsalOrder {
  const { package: pkg, source, cloneHost, requester } = order;
  return {
    package: pkg,
    scope,
    source,
    cloneHost,
    evaluation: { after },
    ...(requester === undefined ? {} : { requester }),
  };
}

/** The rehearsal's outcome. Whoever aborts the evaluation aborts it: it drops its clone, and that is waited for. */
async function rehearsed(book: EvaluationBook, id: string, order: RehearsalOrder): Promise<RehearsalOutcome> {
  const child = await startRehearsal(id, order);
  book.story.within(id);
  const result = child.result();
  const stopped = condition(() => book.stopped !== null).catch(() => undefined); // a cancel reaches the rehearsal by itself
  await Promise.race([result, stopped]);
  if (book.act !== null) await child.signal('abort', book.act).catch(() => undefined); // it has just ended
  return result;
}

/**
 * When the evaluation is terminated, its rehearsal is cancelled and drops its clone; terminated itself it would leave it. A cancel
 * is passed on, and its end is waited for.
 */
function startRehearsal(
  workflowId: string,
  order: RehearsalOrder,
): Promise<ChildWorkflowHandle<typeof rehearsal>> {
  const { name, version, digest } = order.package;
  const after = order.evaluation?.after ?? [];
  const how = after.length === 0 ? '' : ` after ${after.join(', ')}`;
  const what = `${name} ${version}: rehearsal of ${order.source} on ${order.cloneHost}, scope ${order.scope}${how}`;
  const keyword = (key: string, value: string) => ({ key: { name: key, type: 'KEYWORD' as const }, value });
  return startChild<typeof rehearsal>(WORKFLOWS.rehearsal, {
    workflowId,
    args: [order],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    staticSummary: what,
    memo: { ...order.package, scope: order.scope, target: order.source, requester: order.requester ?? null },
    typedSearchAttributes: [
      keyword(SEARCH_ATTRIBUTES.package, name),
      keyword(SEARCH_ATTRIBUTES.version, version),
      keyword(SEARCH_ATTRIBUTES.digest, digest),
      keyword(SEARCH_ATTRIBUTES.target, order.source),
      keyword(SEARCH_ATTRIBUTES.stage, 'started'),
    ],
  });
}

async function locksOf({ tiers, evaluated, scope }: RehearsalOutcome): Promise<ScopeLock[]> {
  const measured = [...(evaluated?.earlier ?? []), ...tiers].flatMap(({ id, measures }) =>
    typeof measures === 'string' ? [{ tier: id, measures }] : [],
  );
  const entry = evaluated?.entry ?? null;
  if (entry === null || measured.length === 0) return [];
  const asked = { entry: entry.ref, tiers: measured };
  return [
    ...(await ask(anywhere.readHoldingLocks, `${scope}: locks of ${measured.length} tiers`, asked)).locks,
  ];
}
