import type { CheckAnswer } from '../core/schema/evaluated-rehearsal';
import type { Metrics } from '../core/schema/name';
import type { PlannedFile } from '../core/schema/plan';
import { ask } from './asking';
import type { RehearsalBook } from './rehearsal-book';

/** What an evaluation compares: metrics and checks of the clone before the first tier of the scope. Nothing else asks for it. */
export async function lookBefore(book: RehearsalBook): Promise<void> {
  if (book.order.evaluation === undefined) return;
  await book.story.stage('look before', async () => {
    const { plan } = book.known;
    const checks = await answers(book, [plan.preflight, plan.verify, plan.readContract]);
    book.evaluated.before = { metrics: await metrics(book), checks };
  });
}

/** The same checks of the finalized clone, each by itself, also where one of them fails. */
export async function lookAfter(book: RehearsalBook): Promise<void> {
  if (book.order.evaluation === undefined) return;
  const { plan } = book.known;
  book.evaluated.checks = await answers(book, [plan.verify, plan.readContract]);
}

async function metrics(book: RehearsalBook): Promise<Metrics> {
  const { plan, atHost } = book.known;
  if (plan.probe === null) return {};
  const where = { database: book.database, plan: { package: plan.package }, file: plan.probe };
  return (await ask(atHost.reads.readBaseline, `${book.clone.name}: the probe before the first tier`, where))
    .metrics;
}

async function answers(book: RehearsalBook, files: readonly (PlannedFile | null)[]): Promise<CheckAnswer[]> {
  const { plan, atHost } = book.known;
  const wanted = files.flatMap((file) => file ?? []);
  const names = wanted.map(({ path }) => path).join(', ');
  const where = { database: book.database, plan: { package: plan.package }, files: wanted };
  return wanted.length === 0
    ? []
    : [...(await ask(atHost.reads.answerChecks, `${names}: each check by itself`, where)).answers];
}
