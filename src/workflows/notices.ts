import type { Notice } from '../core/schema/notice';
import type { OutcomeError } from '../core/schema/outcome';
import { ask } from './asking';
import type { ReleaseBook } from './release-book';
import { judge } from './verdict';

/** Why people are told. */
interface News {
  readonly stage: string;
  readonly kind: Notice['kind'];
  readonly why: OutcomeError;
  readonly choices: readonly string[];
}

/** Tells people beside what is going on: nobody waits for it, and where nobody could be told the status says so. */
export function tellPeople(book: ReleaseBook, { stage, kind, why, choices }: News): void {
  const { story, known, order } = book;
  story.refresh();
  if (!known.target.notifies) return;
  book.notices += 1;
  const notice: Notice = {
    key: `${book.id}/${book.notices}`,
    kind,
    workflow: book.id,
    target: order.target,
    package: order.package,
    title: `${book.id} ${stage === 'stuck' ? 'is stuck' : 'holds'} on ${order.target}: a person must decide`,
    lines: [`${why.code}: ${why.message}`, why.hint],
    choices: [...choices],
    at: new Date().toISOString(),
  };
  const summary = `${order.target}: people are told that it ${stage === 'stuck' ? 'is stuck' : 'holds'}`;
  void ask(known.place.reads.notifyPeople, summary, { target: order.target, notice }).catch(
    (failure: unknown) => {
      const isHeld = story.stages.some((record) => record.stage === stage && record.state === 'waiting');
      if (isHeld) story.mark(stage, 'waiting', `nobody could be told: ${judge(failure).message}`);
    },
  );
}
