import type { Notice } from '../core/schema/notice';
import { ask } from './asking';
import type { ReleaseBook } from './release-book';
import { judge } from './verdict';

/** What people are told; the stage says where it stands that nobody could be told. */
interface News extends Pick<Notice, 'kind' | 'title'> {
  readonly stage: string;
  readonly lines: readonly string[];
  readonly choices: readonly string[];
}

/** Tells people beside what is going on: nobody waits for it, and where nobody could be told the status says so. */
export function tellPeople(book: ReleaseBook, { stage, kind, title, lines, choices }: News): void {
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
    title,
    lines: [...lines],
    choices: [...choices],
    at: new Date().toISOString(),
  };
  const summary = `${order.target}: people are told: ${title}`;
  void ask(known.place.reads.notifyPeople, summary, { target: order.target, notice }).catch(
    (failure: unknown) => {
      const isHeld = story.stages.some((record) => record.stage === stage && record.state === 'waiting');
      if (isHeld) story.mark(stage, 'waiting', `nobody could be told: ${judge(failure).message}`);
    },
  );
}
