import type { DatabaseIdentity } from '../../core/schema/check';
import type { RehearsalOutcome, ReleaseOutcome } from '../../core/schema/outcome';
import { printed, sectionOf, table, text } from '../document';
import type { Section } from '../document';
import { duration, moment } from '../amounts';
import { quoted, say, verbatim } from '../words';
import type { Words } from '../words';

type Outcome = RehearsalOutcome | ReleaseOutcome;

/** `Release of one-roof-governance 2026-06-03: released`. */
export function titleOf(outcome: Outcome): Words {
  const { name, version } = outcome.package;
  return say`${kindOf(outcome)} of ${name} ${version}: ${outcome.outcome}`;
}

function kindOf(outcome: Outcome): string {
  if (outcome.kind === 'rehearsal') return 'Rehearsal';
  if (outcome.rollsBack !== undefined) return 'Rollback';
  return outcome.recovers === undefined ? 'Release' : 'Recovery';
}

/** Why it did not end well, in the database's own words. */
export function whySection({ error }: Pick<Outcome, 'error'>): readonly Section[] {
  if (error === undefined) return [];
  return sectionOf('Why', [
    text(say`${quoted(error.code)}`),
    printed(error.message),
    text(['**What to do:** ', verbatim(error.hint)]),
  ]);
}

/** Which bytes, which database, when, by whom: exactly. */
export function subjectSection(outcome: Outcome): readonly Section[] {
  const { name, version, digest } = outcome.package;
  const ms = Date.parse(outcome.endedAt) - Date.parse(outcome.startedAt);
  const rows: readonly (readonly [string, Words])[] = [
    ['id', quoted(outcome.id)],
    ['package', say`${name} ${version}`],
    ['digest', quoted(digest)],
    ['scope', verbatim(outcome.scope)],
    ...(outcome.kind === 'rehearsal' ? rehearsalRows(outcome) : releaseRows(outcome)),
    ['from – to', say`${moment(outcome.startedAt)} – ${moment(outcome.endedAt)} (${duration(ms)})`],
    ['evidence', outcome.evidence === null ? 'none was kept' : quoted(outcome.evidence)],
  ];
  return sectionOf('Exactly what this is about', [
    text(
      'A package is named by its digest, the SHA-256 of the list of its files: another byte is another package.',
    ),
    table(['', ''], rows),
  ]);
}

function rehearsalRows({
  source,
  sourceIdentity,
  cloneHost,
  clone,
}: RehearsalOutcome): readonly (readonly [string, Words])[] {
  return [
    ['source', verbatim(source)],
    ['database', identityText(sourceIdentity)],
    ['clone', say`${clone ?? 'none was made'} on ${cloneHost}`],
  ];
}

function releaseRows({
  target,
  targetIdentity,
  requester,
  rehearsal,
  recovers,
  rollsBack,
}: ReleaseOutcome): readonly (readonly [string, Words])[] {
  return [
    ...(recovers === undefined
      ? []
      : [['recovers', say`${quoted(recovers)}, which was terminated`] as const]),
    ...(rollsBack === undefined ? [] : [['rolls back', say`${quoted(rollsBack)}, which had ended`] as const]),
    ['target', verbatim(target)],
    ['database', identityText(targetIdentity)],
    ['requested by', verbatim(requester)],
    ['rehearsal', rehearsal === null ? 'none' : quoted(rehearsal)],
  ];
}

function identityText(identity: DatabaseIdentity | null): Words {
  if (identity === null) return 'was not reached';
  const { database, name, version, systemIdentifier, timeline, oid } = identity;
  const server = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
  return say`${database}, registered as ${name}; ${server}, system ${systemIdentifier}, timeline ${timeline}, oid ${oid}`;
}
