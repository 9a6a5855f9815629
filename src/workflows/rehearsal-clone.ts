import { ReleaseError } from '../core/rules/release-error';
import { hiddenColumns } from '../core/rules/resolve-masking';
import type { Captured } from '../activities/clones';
import type { FingerprintSummary } from '../core/schema/fingerprint';
import type { Masking } from '../core/schema/masking';
import { anywhere, ask } from './asking';
import type { RehearsalBook } from './rehearsal-book';
import { gatesNote, verifyChecks } from './release-preparation';

/** The bytes, the source and the clone host as they are. */
export async function prepare(book: RehearsalBook): Promise<void> {
  const { order, story, record } = book;
  await story.stage(
    'audit',
    () => audit(book),
    () => `digest ${order.package.digest.slice(0, 12)}…`,
  );
  await story.stage(
    'preflight',
    async () => {
      const { plan, atSource } = book.known;
      const database = { target: order.source };
      const read = await ask(
        atSource.reads.checkTarget,
        `${order.source}: identity, registration, privileges, 00_preflight`,
        { database, plan },
      );
      record.mutations.source += read.mutations;
      record.sourceIdentity = read.identity;
      verifyChecks(read.checks, 'PREFLIGHT_FAILED');
      await checkMasking(book);
      const { answers, mutations } = await ask(
        atSource.reads.readGates,
        `${order.source}: hard gates, reported and not required`,
        { target: order.source, asked: [{ package: order.package, scope: order.scope }] },
      );
      record.mutations.source += mutations;
      record.gates = answers.flatMap((answer) => answer.readings);
      const host = order.cloneHost;
      const keepAs = order.keepAs ?? null;
      const whatFor = keepAs === null ? 'does it answer?' : `does it answer, and is ${keepAs} free?`;
      await ask(book.known.atHost.reads.checkCloneHost, `${host}: ${whatFor}`, { host, keepAs });
      return read.checks;
    },
    gatesNote,
  );
}

/** Before anything is dumped: no sensitive column comes through for want of a rule. */
async function checkMasking({ order, known, record }: RehearsalBook): Promise<void> {
  const { masking } = known.source.policy;
  if (masking === undefined) return;
  const { mutations } = await ask(
    known.atSource.reads.checkMasking,
    `${order.source}: a rule for each sensitive column`,
    {
      database: { target: order.source },
      masking,
    },
  );
  record.mutations.source += mutations;
}

async function audit(book: RehearsalBook): Promise<void> {
  const { package: pkg, scope, source: sourceName, cloneHost } = book.order;
  const {
    plan,
    targets: [source, host],
  } = await ask(
    anywhere.auditOrder,
    `${pkg.name} ${pkg.version}: every byte against its manifest; ${sourceName}, ${cloneHost}: what they are`,
    { package: pkg, scope, targets: [sourceName, cloneHost] },
  );
  if (source?.kind !== 'database')
    throw new ReleaseError(
      'CONFIG_INVALID',
      `target ${sourceName} is a ${source?.kind ?? 'stranger'}: a rehearsal's source is a database`,
    );
  if (host?.kind !== 'clone-host')
    throw new ReleaseError(
      'CONFIG_INVALID',
      `target ${cloneHost} is a ${host?.kind ?? 'stranger'}: clones need a clone-host`,
    );
  book.learn(plan, source, host);
}

/** The clone, proven to be what one snapshot of the source was, and made ready. @returns its fingerprint before the first tier */
export async function makeClone(book: RehearsalBook): Promise<FingerprintSummary> {
  const captured = await book.story.stage(
    'snapshot',
    () => capture(book),
    (c) => `${c.fingerprint.tables} tables, ${c.fingerprint.rows} rows`,
  );
  await book.story.stage(
    'clone',
    () => restore(book, captured),
    () => book.clone.name,
  );
  const { masking } = book.known.source.policy;
  if (masking !== undefined) return maskAndOpen(book, captured, masking);
  return book.story.stage(
    'compare clone',
    async () => open(book, captured, await compareWithSnapshot(book, captured)),
    () => 'identical to the snapshot',
  );
}

/** Nobody but the restorer is let in before the last of these: the exact comparison reads digests, what follows only masked values. */
async function maskAndOpen(
  book: RehearsalBook,
  captured: Captured,
  masking: Masking,
): Promise<FingerprintSummary> {
  const { story, record, database, clone } = book;
  await story.stage(
    'compare clone',
    () => compareWithSnapshot(book, captured),
    () => 'identical to the snapshot',
  );
  const { masked } = await story.stage(
    'mask',
    () =>
      ask(book.known.atHost.long.maskClone, `${clone.name}: before anybody is let in`, { database, masking }),
    (m) => `${m.masked.length} columns`,
  );
  record.masked = [...masked];
  return story.stage('open', () => open(book, captured));
}

/** The name of this rehearsal's dump in the store. */
export function dumpName(book: RehearsalBook): string {
  return `dump-${book.clone.nonce}`;
}

async function capture(book: RehearsalBook): Promise<Captured> {
  const { plan, atSource } = book.known;
  const captured = await ask(
    atSource.long.captureSource,
    `${book.order.source}: baseline, fingerprint and dump of one snapshot`,
    {
      source: book.order.source,
      plan,
      dump: dumpName(book),
    },
  );
  book.record.mutations.source += captured.mutations;
  book.record.baseline.entry = captured.baseline;
  book.snapshot = captured.fingerprint.ref;
  return captured;
}

async function restore(book: RehearsalBook, captured: Captured): Promise<void> {
  book.record.clone = book.clone.name;
  const { dump, shape } = captured;
  await ask(book.known.atHost.long.restoreClone, `${book.clone.name}: made, marked and filled`, {
    host: book.order.cloneHost,
    clone: book.clone,
    captured: { dump, shape },
    ...closedBy(book),
  });
}

/** A clone that is to be masked lets in nobody meanwhile. */
function closedBy({ known }: RehearsalBook): { readonly closed?: true } {
  return known.source.policy.masking === undefined ? {} : { closed: true };
}

async function compareWithSnapshot(book: RehearsalBook, captured: Captured): Promise<FingerprintSummary> {
  const { atHost } = book.known;
  const { database, clone } = book;
  const restored = await ask(atHost.long.fingerprintClone, `${clone.name}: as restored`, {
    database,
    volatile: [],
    hides: hiddenColumns(book.known.source.policy.masking),
  });
  const comparison = await ask(anywhere.compareFingerprints, `${clone.name}: against the snapshot`, {
    before: captured.fingerprint.ref,
    after: restored.ref,
  });
  if (comparison.verdict !== 'identical') {
    throw new ReleaseError(
      'CLONE_DIFFERS',
      `the clone is ${comparison.verdict}: ${comparison.differences.join('; ')}`,
    );
  }
  return restored;
}

/** Cut off, registered, open to its roles. @returns its fingerprint then; `restored`: it is as it was, where nothing was cut */
async function open(
  book: RehearsalBook,
  captured: Captured,
  restored?: FingerprintSummary,
): Promise<FingerprintSummary> {
  const { plan, atHost } = book.known;
  const { database, clone } = book;
  const opening = {
    database,
    source: book.order.source,
    tiersInEffect: captured.tiersInEffect,
    owner: captured.shape.owner,
    ...closedBy(book),
  };
  const { cut } = await ask(
    atHost.long.openClone,
    `${clone.name}: cut off, registered, ${captured.tiersInEffect.length} tiers in effect`,
    opening,
  );
  if (restored !== undefined && cut.length === 0 && plan.volatile.length === 0) return restored;
  return ask(atHost.long.fingerprintClone, `${clone.name}: as opened`, { database, volatile: plan.volatile });
}
