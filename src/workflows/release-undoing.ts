import { ReleaseError } from '../core/rules/release-error';
import type { TierInEffect } from '../core/schema/attempt';
import type { OutcomeError } from '../core/schema/outcome';
import { ask } from './asking';
import { FIGURES, observe, schemaOf } from './observe';
import { compensate } from './release-compensation';
import { audit } from './release-audit';
import type { ReleaseBook } from './release-book';
import type { TierRunner } from './tier-runner';

/** Before anything is rolled back: the bytes, the target, what is in effect, what would be lost. It only reads. */
export async function prepareToUndo(book: ReleaseBook, release: string): Promise<void> {
  const { order, story } = book;
  story.show('preparing');
  await story.stage(
    'audit',
    () => audit(book),
    () => `digest ${order.package.digest.slice(0, 12)}…`,
  );
  await story.stage('target', () => checkTarget(book));
  await story.stage(
    'what is applied',
    () => findApplied(book, release),
    (tiers) => tiers.join(', ') || 'no tier is finished',
  );
  await story.stage(
    'what would be lost',
    () => tellLosses(book, release),
    (note) => note,
  );
  await story.stage('entry baseline', () => readEntry(book));
}

/** Last first; a rollback that fails is held for a person, as in every release. */
export async function undo(
  book: ReleaseBook,
  runner: TierRunner,
): Promise<{ outcome: 'rolled back' | 'stuck'; error?: OutcomeError }> {
  const { isAnyRolledBack, left } = await compensate(book, runner);
  book.record.rolledBack = isAnyRolledBack;
  return left === undefined ? { outcome: 'rolled back' } : { outcome: 'stuck', error: left };
}

/** The same database, the same privileges; what must hold before an application need not hold after one. */
async function checkTarget(book: ReleaseBook): Promise<void> {
  const { plan, place } = book.known;
  const target = book.order.target;
  const read = await ask(place.reads.checkTarget, `${target}: identity, registration, privileges`, {
    database: { target },
    plan: { ...plan, preflight: null },
  });
  book.record.mutations.beforeGate += read.mutations;
  book.record.targetIdentity = read.identity;
}

/** @throws NOTHING_APPLIED, IRREVERSIBLE */
async function findApplied(book: ReleaseBook, release: string): Promise<readonly string[]> {
  const { plan, place } = book.known;
  const target = book.order.target;
  const { tiers } = await ask(place.reads.readTiersInEffect, `${target}: tiers in effect`, {
    database: { target },
  });
  const isApplied = (id: string): boolean => tiers.some((each) => isOf(each, { id, release, book }));
  const applied = plan.tiers.filter((tier) => isApplied(tier.id));
  for (const { id } of applied) book.note(id, { outcome: 'applied' });
  const fixed = applied.find((tier) => tier.rollback === null);
  if (fixed !== undefined)
    throw new ReleaseError('IRREVERSIBLE', `tier ${fixed.id} is irreversible: ${fixed.irreversible ?? ''}`);
  if (applied.length === 0 && book.order.rollsBack !== undefined)
    throw new ReleaseError('NOTHING_APPLIED', `no tier of ${release} is in effect in ${target}`);
  return applied.map((tier) => tier.id);
}

function isOf(
  each: TierInEffect,
  { id, release, book }: { id: string; release: string; book: ReleaseBook },
): boolean {
  return each.release === release && each.tier === id && each.package === book.order.package.name;
}

/** What others have written since into what the release created: people are told before they decide. */
async function tellLosses(book: ReleaseBook, release: string): Promise<string> {
  const target = book.order.target;
  const { losses, fingerprint } = await ask(
    book.known.place.reads.countLosses,
    `${target}: rows that others wrote since ${release}`,
    { database: { target }, release },
  );
  book.returnsTo = fingerprint;
  book.record.losses = [...losses];
  if (losses.length === 0) return 'no rows of others';
  return losses.map(({ table, rows }) => `${table}: ${rows} rows of others`).join(', ');
}

async function readEntry(book: ReleaseBook): Promise<void> {
  const seen = await observe(book, 'entry baseline and schema', FIGURES);
  book.record.baseline.entry = seen.metrics;
  book.gatehouse.bind({ rehearsal: null, schema: schemaOf(seen).schema });
}
