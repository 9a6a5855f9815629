import { isUndone } from '../core/rules/undone';
import type { DatabaseIdentity } from '../core/schema/check';
import type { OutcomeError, RehearsalOutcome, ReleaseOutcome, StageRecord } from '../core/schema/outcome';
import { code, duration, moment, section, table } from './report-blocks';
import { rehearsalSections } from './report-rehearsal';
import { releaseSections } from './report-release';

/**
 * The report of a rehearsal or a release as Markdown, made from its outcome alone: every number in it was measured in that
 * run. Verdict first, then what it rests on, then how to go on.
 */
export function reportMarkdown(outcome: RehearsalOutcome | ReleaseOutcome): string {
  const sections = outcome.kind === 'rehearsal' ? rehearsalSections(outcome) : releaseSections(outcome);
  const parts = [head(outcome), errorPart(outcome.error), ...sections, timeline(outcome.stages)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function head(outcome: RehearsalOutcome | ReleaseOutcome): string {
  const { name, version, digest } = outcome.package;
  const ms = Date.parse(outcome.endedAt) - Date.parse(outcome.startedAt);
  const rows: readonly (readonly string[])[] = [
    ['id', code(outcome.id)],
    ['package', `${name} ${version}`],
    ['digest', code(digest)],
    ['scope', outcome.scope],
    ...(outcome.kind === 'rehearsal' ? rehearsalHead(outcome) : releaseHead(outcome)),
    ['from – to', `${moment(outcome.startedAt)} – ${moment(outcome.endedAt)} (${duration(ms)})`],
    ['evidence', outcome.evidence === null ? 'none was kept' : code(outcome.evidence)],
  ];
  return [
    `# ${titleOf(outcome)} of ${name} ${version}: ${outcome.outcome}`,
    verdict(outcome),
    table(['', ''], rows),
  ].join('\n\n');
}

function titleOf(outcome: RehearsalOutcome | ReleaseOutcome): string {
  if (outcome.kind === 'rehearsal') return 'Rehearsal';
  if (outcome.rollsBack !== undefined) return 'Rollback';
  return outcome.recovers === undefined ? 'Release' : 'Recovery';
}

function rehearsalHead({
  source,
  sourceIdentity,
  cloneHost,
  clone,
}: RehearsalOutcome): readonly (readonly string[])[] {
  return [
    ['source', source],
    ['database', identityText(sourceIdentity)],
    ['clone', `${clone ?? 'none was made'} on ${cloneHost}`],
  ];
}

function releaseHead({
  target,
  targetIdentity,
  requester,
  rehearsal,
  recovers,
  rollsBack,
}: ReleaseOutcome): readonly (readonly string[])[] {
  return [
    ...(recovers === undefined ? [] : [['recovers', `${code(recovers)}, which was terminated`]]),
    ...(rollsBack === undefined ? [] : [['rolls back', `${code(rollsBack)}, which had ended`]]),
    ['target', target],
    ['database', identityText(targetIdentity)],
    ['requested by', requester],
    ['rehearsal', rehearsal === null ? 'none' : code(rehearsal)],
  ];
}

function identityText(identity: DatabaseIdentity | null): string {
  if (identity === null) return 'was not reached';
  const { database, name, version, systemIdentifier, timeline, oid } = identity;
  const server = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
  return `${database}, registered as ${name}; ${server}, system ${systemIdentifier}, timeline ${timeline}, oid ${oid}`;
}

function verdict(outcome: RehearsalOutcome | ReleaseOutcome): string {
  return outcome.kind === 'rehearsal' ? rehearsalVerdict(outcome) : releaseVerdict(outcome);
}

function rehearsalVerdict({ outcome, tiers, source, mutations }: RehearsalOutcome): string {
  const identical = tiers.filter((tier) => tier.rollback === 'identical').length;
  const proof = `${identical} of ${tiers.length} tiers rolled back to the identical fingerprint`;
  return `**${outcome}**: ${proof}; ${mutations.source} mutations of ${source}.`;
}

function releaseVerdict(told: ReleaseOutcome): string {
  const { outcome, tiers, target, rolledBack, rollback, mutations } = told;
  const numberOf = (end: string): number => tiers.filter((tier) => tier.outcome === end).length;
  const undone = `${numberOf('rolled back')} of ${tiers.length} tiers of ${told.rollsBack ?? told.recovers ?? ''} in ${target}`;
  const applied = `${numberOf('applied')} of ${tiers.length} tiers applied to ${target}`;
  const inEffect = isUndone(told) ? undone : applied;
  const back = rolledBack
    ? `; rolled back${rollback === null ? '' : `, the schema afterwards: ${rollback.verdict}`}`
    : '';
  return `**${outcome}**: ${inEffect}${back}; ${mutations.beforeGate} mutations before the gate.`;
}

function errorPart(error: OutcomeError | undefined): string {
  if (error === undefined) return '';
  return section(
    'Why',
    `\`${error.code}\`\n\n\`\`\`\n${error.message}\n\`\`\`\n\n**What to do:** ${error.hint}`,
  );
}

function timeline(stages: readonly StageRecord[]): string {
  const rows = stages.map(({ stage, state, startedAt, ms, note }) => [
    startedAt === undefined ? '' : moment(startedAt),
    stage,
    state,
    ms === undefined ? '' : duration(ms),
    note ?? '',
  ]);
  return section('Timeline', table(['at', 'stage', 'state', 'took', 'note'], rows));
}
