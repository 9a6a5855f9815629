import { unmetConditions, waitOut } from './conditions';
import { observe, schemaOf } from './observe';
import { tellPeople } from './notices';
import { audit } from './release-audit';
import type { ReleaseBook } from './release-book';
import { waitAtGates } from './release-gate';
import { auditAgain, verifyNothingWritten } from './release-preparation';

/** What people approve a release for, beside its bytes, its scope and its target, which never change. */
interface Standing {
  readonly gates: string;
  readonly assurance: string;
  readonly rehearsal: string | null;
  readonly schema: string | null;
}

/**
 * The gates before a tier, and what must hold beside them. Whatever has changed while people decided voids what they decided,
 * and they are asked again; after a wait for the conditions the gates are passed anew.
 */
export async function passGates(book: ReleaseBook, tier: string): Promise<void> {
  const { gatehouse } = book;
  const passedForGood = [...gatehouse.passed];
  for (;;) {
    if (!(await passOnce(book, tier, passedForGood))) continue;
    const unmet = await unmetConditions(book, tier);
    if (unmet.length === 0) return;
    gatehouse.passAgain(passedForGood);
    await waitOut(book, tier, unmet);
  }
}

/** @returns whether they have been passed; else people must decide once more */
async function passOnce(book: ReleaseBook, tier: string, passedForGood: readonly string[]): Promise<boolean> {
  const { gatehouse, record, story } = book;
  const gates = gatehouse.before(tier);
  if (gates.length === 0 && book.isClaimed) return true;
  const asked = standing(book);
  const seen =
    gates.length > 0 ? await waitAtGates(book, gates) : await observe(book, 'schema', { schema: true });
  await story.stage('audit again', () => (book.isClaimed ? audit(book) : auditAgain(book)));
  verifyNothingWritten(record.mutations.beforeGate);
  if (!book.isClaimed) bindTo(book, schemaOf(seen));
  const changes = changesOf(asked, standing(book));
  if (changes.length === 0) return true;
  const why = changes.map((change) => `${change} since people were asked`);
  const voided = gatehouse.voidApprovals(why, passedForGood);
  if (voided > 0) tellVoided(book, why, voided);
  if (voided > 0 || asked.gates !== standing(book).gates) return false;
  gatehouse.pass(gates); // nobody had decided anything: it is open by the hard gate alone
  return true;
}

function bindTo(book: ReleaseBook, { schema, ref }: { schema: string; ref: string }): void {
  const { gatehouse, record } = book;
  if (gatehouse.bound.schema !== schema && book.undoes === undefined) book.returnsTo = ref;
  gatehouse.bind({ rehearsal: record.rehearsal, schema });
}

function standing({ gatehouse, gates, known }: ReleaseBook): Standing {
  const { assurance } = known.target.policy;
  return { ...gatehouse.bound, gates: JSON.stringify(gates), assurance };
}

function changesOf(asked: Standing, now: Standing): readonly string[] {
  return [
    ...(asked.schema === now.schema ? [] : ['the schema of the target has changed']),
    ...(asked.rehearsal === now.rehearsal
      ? []
      : ['another rehearsal has taken the place of the one that was shown']),
    ...(asked.gates === now.gates ? [] : ['the gates that hold for it have changed']),
    ...(asked.assurance === now.assurance ? [] : ['how an approver must be known has changed']),
  ];
}

function tellVoided(book: ReleaseBook, why: readonly string[], voided: number): void {
  const { id, order } = book;
  const last = book.gatehouse.given.voided.at(-1)?.approvals ?? [];
  tellPeople(book, {
    stage: 'gate',
    kind: 'voided',
    title: `${id} to ${order.target}: ${voided} approvals are void`,
    lines: [...why, ...last.map(({ gate, who }) => `void: gate ${gate}, by ${who}`)],
    choices: ['read it again (`one-roof status`), then approve or reject'],
  });
}
