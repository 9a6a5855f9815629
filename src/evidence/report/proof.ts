import type { RehearsalOutcome, ReleaseOutcome } from '../../core/schema/outcome';
import { list, sectionOf, table, text } from '../document';
import type { Block, Section } from '../document';
import { quoted, say, strong, verbatim } from '../words';
import type { Words } from '../words';
import { explained } from './differences';
import type { ReportFacts } from './facts';

const EXPLAINED =
  'On the clone each tier was rolled back, last first, and the whole database was compared with the fingerprint taken before that tier: its schema and its rows.';

/** That each tier can be taken back to exactly what was there before. */
export function rollbackProof({ tiers, reapplied }: RehearsalOutcome): readonly Block[] {
  const details = tiers.flatMap(({ id, notRestored }) =>
    explained(notRestored, say`What the rollback of ${id} did not restore`),
  );
  const rows = tiers.map(({ id, rollback }) => [verbatim(id), verdictText(rollback)]);
  const differences = [
    ...tiers.flatMap((tier) => tier.differences.map((line) => say`${tier.id}: ${line}`)),
    ...(reapplied?.differences ?? []).map((line) => say`second application: ${line}`),
  ];
  const again =
    reapplied === null
      ? text('It was not applied a second time.')
      : text(say`Applied a second time, compared with the first: ${strong(reapplied.verdict)}.`);
  const heads = ['tier', 'after its rollback'];
  return [
    text(EXPLAINED),
    table(heads, rows, 'Rollback of each tier'),
    again,
    list(differences),
    ...details,
    ...explained(reapplied, 'What the second application made otherwise'),
  ];
}

function verdictText(verdict: string | null): Words {
  if (verdict === null) return 'not asked';
  return verdict === 'identical' ? verdict : strong(verdict);
}

/** What a rollback in production gave back, and what the rehearsal had proven before. */
export function releaseRollback(facts: ReportFacts<ReleaseOutcome>): readonly Section[] {
  return [...happened(facts.outcome), ...proven(facts)];
}

function happened({ rolledBack, rollback, fingerprint }: ReleaseOutcome): readonly Section[] {
  if (!rolledBack && rollback === null) return [];
  const schemas = [
    ['before the first tier', fingerprint.before?.schema] as const,
    ['afterwards', fingerprint.after?.schema] as const,
  ].map(([when, digest]): readonly Words[] => [when, digest === undefined ? 'not taken' : quoted(digest)]);
  const verdict = rollback === null ? 'not compared' : rollback.verdict;
  const more = rollback === null || rollback.more === 0 ? [] : [`… and ${rollback.more} more`];
  return sectionOf('Rollback', [
    text(
      say`Rolled back: ${rolledBack ? 'yes' : 'no'}. The schema, compared with that before the first tier: ${strong(verdict)}.`,
    ),
    table(['schema digest', 'SHA-256'], schemas, 'The schema of the database, as one number'),
    list([...(rollback?.differences ?? []).map(verbatim), ...more]),
    ...explained(rollback, 'What the rollback did not restore'),
  ]);
}

function proven({ outcome, rehearsal, unread }: ReportFacts<ReleaseOutcome>): readonly Section[] {
  const title = 'Rollback proof';
  if (outcome.rehearsal === null)
    return sectionOf(title, [text('It was not rehearsed: nothing has proven its rollback.')]);
  if (rehearsal === null)
    return sectionOf(title, [
      text(
        say`The proof stands in the evidence ${quoted(outcome.rehearsal)} of its rehearsal, which cannot be shown here: ${unread ?? 'it was not looked for'}.`,
      ),
    ]);
  return sectionOf(title, [
    text(say`Proven before the release, in ${quoted(rehearsal.outcome.id)}.`),
    ...rollbackProof(rehearsal.outcome),
  ]);
}

/** Only where rows were counted: before the rollback of another release. */
export function lossesSection({ losses, rollsBack, rolledBack }: ReleaseOutcome): readonly Section[] {
  if (losses === undefined) return [];
  const title = 'Rows that others had written since';
  if (losses.length === 0)
    return sectionOf(title, [text('None, as counted before anything was rolled back.')]);
  const fate =
    rollsBack !== undefined && rolledBack
      ? 'They were in tables that the release had created, and went with them.'
      : 'They are in tables that the release had created.';
  const rows = losses.map(({ table: name, rows: number }) => [verbatim(name), String(number)]);
  return sectionOf(title, [
    text(`As people were told before they decided. ${fate}`),
    table(['table', 'rows'], rows, 'Rows that others had written'),
  ]);
}
