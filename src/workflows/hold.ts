import { condition } from '@temporalio/workflow';
import type { DecisionPayload } from '../core/schema/act';
import type { OutcomeError } from '../core/schema/outcome';
import type { ReleaseBook } from './release-book';
import { tellPeople } from './notices';
import { REMIND_MS } from './reminder';
import { asOutcomeError, judge } from './verdict';

/** A point at which only a person can go on. */
export interface Holding {
  readonly stage: 'hold' | 'stuck';
  readonly why: OutcomeError;
  /** Each choice with its consequence. */
  readonly choices: readonly string[];
  readonly until: (choice: DecisionPayload['choice']) => boolean;
  /** When it is rolled back without a decision, ms since 1970; left out: never. */
  readonly deadline?: number;
}

/** Stops and asks, with the choices and their consequences, until a person decides or aborts. */
export async function hold(
  book: ReleaseBook,
  holding: Holding,
): Promise<DecisionPayload['choice'] | 'abort'> {
  const { gatehouse, story } = book;
  const phase = gatehouse.phase;
  const { stage, why, choices, until } = holding;
  const aborts = gatehouse.aborts;
  const isAborted = (): boolean => gatehouse.aborts > aborts || gatehouse.stop?.outcome === 'rejected';
  const isDecided = (): boolean =>
    (gatehouse.decision !== null && until(gatehouse.decision.choice)) || isAborted();
  const left = (): number => (holding.deadline ?? Infinity) - Date.now();
  const ending = (): DecisionPayload['choice'] | 'abort' =>
    gatehouse.decision?.choice ?? (isAborted() ? 'abort' : 'rollback');
  const news = newsOf(book, holding);
  const work = async (): Promise<void> => {
    gatehouse.phase = 'holding';
    gatehouse.decision = null;
    story.mark(stage, 'waiting', `${why.code}: ${why.message}`);
    story.wait(() => [`a person's decision: ${why.code}: ${why.message} ${why.hint}`], choices);
    story.show(stage);
    tellPeople(book, { ...news, kind: stage });
    const summary = `${stage}: ${why.code}`;
    while (left() > 0 && !(await condition(isDecided, Math.min(left(), REMIND_MS), { summary })))
      if (left() > 0) tellPeople(book, { ...news, kind: 'reminder' });
  };
  await story.stage(
    stage,
    work,
    () => `${gatehouse.decision?.as ?? (isAborted() ? 'a person' : 'nobody in time')}: ${ending()}`,
  );
  const choice = ending();
  gatehouse.decision = null;
  gatehouse.phase = phase;
  story.goOn();
  return choice;
}

function newsOf({ id, order }: ReleaseBook, { stage, why, choices }: Holding) {
  return {
    stage,
    title: `${id} ${stage === 'stuck' ? 'is stuck' : 'holds'} on ${order.target}: a person must decide`,
    lines: [`${why.code}: ${why.message}`, why.hint],
    choices,
  };
}

/** What is done must be read, stored and told: a failure here undoes nothing, it is held for a person and done again. */
export async function untilDone<T>(book: ReleaseBook, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (failure) {
      const choices = ['decide retry: do it again; nothing of the release is undone'];
      await hold(book, {
        stage: 'hold',
        why: asOutcomeError(judge(failure)),
        choices,
        until: (choice) => choice === 'retry',
      });
    }
  }
}
