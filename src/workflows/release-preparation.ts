import { forbiddenDrift, requiredEntry } from '../core/rules/drift';
import { unmetExpectations } from '../core/rules/expectations';
import { ReleaseError } from '../core/rules/release-error';
import type { CheckRow } from '../core/schema/check';
import type { Metrics } from '../core/schema/name';
import type { PlannedTier } from '../core/schema/plan';
import { anywhere, ask } from './asking';
import { FIGURES, observe, schemaOf } from './observe';
import { audit } from './release-audit';
import type { ReleaseBook } from './release-book';

/** Everything before the first gate: the bytes, the target, the rehearsal, the entry baseline. It only reads. */
export async function prepare(book: ReleaseBook): Promise<void> {
  const { order, story } = book;
  story.show('preparing');
  await story.stage(
    'audit',
    () => audit(book),
    () => `digest ${order.package.digest.slice(0, 12)}…`,
  );
  await story.stage('preflight', () => preflight(book), gatesNote);
  await story.stage(
    'rehearsal evidence',
    () => findRehearsal(book),
    (note) => note,
  );
  await story.stage(
    'entry baseline',
    () => entryBaseline(book),
    (metrics) => `${Object.keys(metrics).length} metrics`,
  );
}

/** After the wait: the bytes, the policy and the rehearsal as they are now. */
export async function auditAgain(book: ReleaseBook): Promise<void> {
  await Promise.all([audit(book), book.undoes === undefined ? findRehearsal(book) : null]);
}

/** @throws READ_WROTE where a read before the gate was assigned a transaction id */
export function verifyNothingWritten(mutations: number): void {
  if (mutations > 0)
    throw new ReleaseError('READ_WROTE', `${mutations} reads before the gate were assigned a transaction id`);
}

async function preflight(book: ReleaseBook): Promise<readonly CheckRow[]> {
  const { plan, place } = book.known;
  const target = book.order.target;
  const read = await ask(
    place.reads.checkTarget,
    `${target}: identity, registration, privileges, 00_preflight`,
    { database: { target }, plan },
  );
  book.record.mutations.beforeGate += read.mutations;
  book.record.targetIdentity = read.identity;
  verifyChecks(read.checks, 'PREFLIGHT_FAILED');
  return read.checks;
}

/** A row named `gate:<id>` is reported and never fatal: a closed gate is waited for. */
export function verifyChecks(checks: readonly CheckRow[], code: 'PREFLIGHT_FAILED' | 'VERIFY_FAILED'): void {
  const failed = checks.filter((check) => !check.ok && !check.check.startsWith('gate:'));
  if (failed.length === 0) return;
  throw new ReleaseError(code, failed.map((check) => `${check.check}: ${check.detail}`).join('; '));
}

/** What a check file said of gates, for the timeline. */
export function gatesNote(checks: readonly CheckRow[]): string {
  const gates = checks
    .filter((check) => check.check.startsWith('gate:'))
    .map((check) => `${check.check} ${check.ok ? 'open' : 'closed'}`);
  return [`${checks.length} checks`, ...gates].join(', ');
}

/** A passing rehearsal, young enough. @throws REHEARSAL_MISSING where it was not asked to go without, or nobody may let it */
export async function findRehearsal(book: ReleaseBook): Promise<string> {
  const { package: pkg, scope, target: source } = book.order;
  const { required, maxAge } = book.known.target.policy.rehearsal;
  if (!required) return 'not required by the policy';
  const found = await ask(anywhere.findRehearsal, `${pkg.name}: a passing rehearsal from ${source}`, {
    digest: pkg.digest,
    scope,
    source,
    registration: book.record.targetIdentity?.registration ?? '',
    preferred: book.record.rehearsal,
    maxAge,
  });
  if (found === null) {
    const missing = `no passing rehearsal of ${pkg.digest.slice(0, 12)}…, scope ${scope}, from ${source} within ${maxAge}`;
    if (mayBeOverridden(book)) return `${missing}: it waits for an override`;
    throw new ReleaseError('REHEARSAL_MISSING', missing);
  }
  book.record.rehearsal = found.digest;
  book.rehearsed = found;
  book.story.expect(found.tiers);
  return `${found.id}, ${found.at}`;
}

/** One that was there and has grown old is missed as before. */
function mayBeOverridden({ order, known, record }: ReleaseBook): boolean {
  return (
    order.override !== undefined && known.target.policy.override !== undefined && record.rehearsal === null
  );
}

async function entryBaseline(book: ReleaseBook): Promise<Metrics> {
  const seen = await observe(book, 'entry baseline and schema', FIGURES);
  const entry = seen.metrics;
  const wrong = await unmetAtEntry(book, entry);
  if (wrong.length > 0)
    throw new ReleaseError(
      'BASELINE_DRIFT',
      `the entry baseline is not what the package needs: ${wrong.join('; ')}`,
    );
  book.record.baseline.entry = entry;
  book.gatehouse.bind({ rehearsal: book.record.rehearsal, schema: schemaOf(seen).schema });
  book.returnsTo = schemaOf(seen).ref;
  return entry;
}

/** What an entry baseline lacks; where it is no greenfield's, what the tiers in effect have left is as good. */
async function unmetAtEntry(book: ReleaseBook, entry: Metrics): Promise<readonly string[]> {
  const { plan, place } = book.known;
  const wrong = unmetExpectations(requiredEntry(plan.metrics), entry);
  if (wrong.length === 0) return wrong;
  const { target } = book.order;
  const { tiers } = await ask(place.reads.readTiersInEffect, `${target}: tiers in effect`, {
    database: { target },
  });
  const isInEffect = ({ id, apply }: PlannedTier): boolean =>
    tiers.some(
      (each) => each.package === plan.package.name && each.tier === id && each.sha256 === apply.sha256,
    );
  const left = plan.tiers.filter(isInEffect).map((tier) => tier.rules.expect);
  return unmetExpectations(requiredEntry(plan.metrics, left), entry);
}

/** After the claim: nothing that may not drift has moved since the entry baseline. */
export function verifyNoDrift(book: ReleaseBook, now: Metrics): void {
  const moved = forbiddenDrift(book.known.plan.metrics, book.record.baseline.entry, now);
  if (moved.length > 0)
    throw new ReleaseError('BASELINE_DRIFT', `since the entry baseline ${moved.join('; ')}`);
}
