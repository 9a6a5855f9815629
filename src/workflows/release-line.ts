import type { ReleaseBook } from './release-book';
import { throwIfStopped } from './release-ending';

/** The release that holds the target, in words; this one stands in line behind it. */
export interface Held {
  readonly heldBy: string;
}

/** Until the release that holds the target has ended; meanwhile people may withdraw what they approved. @throws ABORTED, REJECTED */
export async function waitInLine(book: ReleaseBook, { heldBy }: Held): Promise<void> {
  const { gatehouse, line, order, story } = book;
  const { phase } = gatehouse;
  book.isClaimed = false;
  gatehouse.phase = 'at gate';
  gatehouse.passAgain([]);
  story.show('in line');
  await story.stage('in line', async () => {
    story.mark('in line', 'waiting', heldBy);
    story.wait(
      () => [`${order.target}: ${heldBy}; it goes on by itself, through its gates, when that one has ended`],
      ['wait: it is its turn when those before it have ended', 'abort: nothing has been applied'],
    );
    await line.untilTurn(() => gatehouse.stop !== null, `${order.target}: waits in line`);
  });
  gatehouse.phase = phase;
  story.goOn();
  throwIfStopped(book);
}
