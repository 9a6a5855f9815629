import { isUndone } from '../../core/rules/undone';
import type { RehearsalOutcome, ReleaseOutcome } from '../../core/schema/outcome';
import type { Verdict } from '../document';
import { duration } from '../amounts';
import { joined, say, verbatim } from '../words';
import type { Part, Words } from '../words';
import type { ReportFacts } from './facts';
import { isWait } from './timeline';

/** What a rehearsal has shown, for somebody who has never heard of One-Roof. */
export function rehearsalVerdict({ outcome: told }: ReportFacts<RehearsalOutcome>): Verdict {
  const { outcome, tiers, source, mutations, reapplied, clonesLeft, error } = told;
  const identical = tiers.filter((tier) => tier.rollback === 'identical').length;
  const proof = `${identical} of ${tiers.length} tiers rolled back to the identical fingerprint`;
  return {
    kind: 'verdict',
    tone: outcome === 'rehearsed' ? 'good' : outcome === 'failed' ? 'bad' : 'neutral',
    headline: say`${HEADS[outcome]}: ${proof}`,
    text: [
      ...say`The package was tried on a copy of ${source}, step by step: a step is called a tier. `,
      ...(error === undefined
        ? ['Each tier was applied, rolled back, compared with what was there before, and applied again.']
        : say`It did not go through: ${causeOf(error.message)}`),
    ],
    facts: [
      ['took', took(told)],
      ['tiers applied', `${tiers.filter((tier) => tier.outcome === 'applied').length} of ${tiers.length}`],
      ['rolled back to identical', `${identical} of ${tiers.length}`],
      ['applied a second time', reapplied === null ? 'not reached' : verbatim(reapplied.verdict)],
      [say`mutations of ${source}`, String(mutations.source)],
      ['clones left behind', String(clonesLeft.length)],
    ],
  };
}

const HEADS: Readonly<Record<RehearsalOutcome['outcome'], string>> = {
  rehearsed: 'Rehearsed',
  failed: 'The rehearsal failed',
  aborted: 'The rehearsal was stopped',
};

/** How a release ended, and what is in the database now. */
export function releaseVerdict(facts: ReportFacts<ReleaseOutcome>): Verdict {
  const { outcome: told } = facts;
  const { outcome, error, target, mutations, drift } = told;
  const moved = drift.filter(({ verdict }) => verdict === 'drift').length;
  const cause =
    error === undefined || outcome === 'released' ? [] : [' Why: ', verbatim(causeOf(error.message))];
  return {
    kind: 'verdict',
    tone: toneOf(told),
    headline: say`${headOf(told)}: ${inEffect(told)}`,
    text: [...meaning(told), ...cause],
    facts: [
      ['took', took(told)],
      ['approved by', approvedBy(told)],
      ['metrics that drifted', drift.length === 0 ? 'not compared' : `${moved} of ${drift.length}`],
      ...unexplained(told),
      ['rollback, in rehearsal', rehearsedRollback(facts)],
      ...(told.rolledBack
        ? [['schema after the rollback', verbatim(told.rollback?.verdict ?? 'not compared')] as const]
        : []),
      [say`mutations of ${target} before the gate`, String(mutations.beforeGate)],
    ],
  };
}

function toneOf(told: ReleaseOutcome): Verdict['tone'] {
  if (told.outcome === 'released' || isUndone(told)) return 'good';
  return ['failed', 'stuck', 'rolled back'].includes(told.outcome) ? 'bad' : 'neutral';
}

function headOf({ outcome }: ReleaseOutcome): string {
  return `${outcome.slice(0, 1).toUpperCase()}${outcome.slice(1)}`;
}

function inEffect(told: ReleaseOutcome): string {
  const { tiers, target, rolledBack, rollback } = told;
  const numberOf = (end: string): number => tiers.filter((tier) => tier.outcome === end).length;
  const all = `${tiers.length} tiers`;
  if (isUndone(told))
    return `${numberOf('rolled back')} of ${all} of ${told.rollsBack ?? told.recovers ?? ''} in ${target}`;
  const left = numberOf('applied') + numberOf('left applied');
  if (!rolledBack)
    return left === 0 ? `nothing was applied to ${target}` : `${left} of ${all} applied to ${target}`;
  if (left > 0) return `still applied to ${target}: ${left} of ${all}`;
  return rollback?.verdict === 'identical'
    ? `${target} is as it was before`
    : `the schema of ${target} is ${rollback?.verdict ?? 'not compared with that before'}`;
}

const MEANING: Readonly<Record<ReleaseOutcome['outcome'], string>> = {
  released: 'All that was checked afterwards was as declared.',
  'rolled back': 'Something went wrong, and all that it had applied was taken back, last step first.',
  rejected: 'Somebody who may approve it said no.',
  expired: 'The approvals that it needs did not come in time.',
  aborted: 'A person stopped it.',
  refused: 'A rule said no before anything was applied.',
  failed: 'It failed.',
  stuck: 'It could not go on and could not go back by itself: a person must act.',
};

function meaning(told: ReleaseOutcome): readonly Part[] {
  const { outcome, package: ref, target } = told;
  const end = isUndone(told) ? 'What had been applied was taken back, last step first.' : MEANING[outcome];
  return [
    ...say`${ref.name} ${ref.version} changes the database ${target} in steps, each called a tier. `,
    end,
  ];
}

function approvedBy({ approvals }: ReleaseOutcome): Words {
  const given = approvals.filter(({ decision }) => decision === 'approved');
  const names = [...new Set(given.map(({ who }) => who))];
  if (names.length === 0) return 'nobody';
  const isClaimed = given.some(({ assurance }) => assurance === 'claimed');
  return joined([joined(names.map(verbatim), ', '), ...(isClaimed ? ['(names only claimed)'] : [])], ' ');
}

function unexplained({ delta }: ReleaseOutcome): Verdict['facts'] {
  if (delta === undefined) return [];
  return [['schema changes not predicted', String(delta.unexplained.length + delta.more)]];
}

function rehearsedRollback({ rehearsal, outcome }: ReportFacts<ReleaseOutcome>): string {
  if (outcome.rehearsal === null) return 'not rehearsed';
  if (rehearsal === null) return 'its evidence is not here';
  const { tiers } = rehearsal.outcome;
  return `${tiers.filter((tier) => tier.rollback === 'identical').length} of ${tiers.length} identical`;
}

/** The whole, and how much of it was waiting. */
function took({ startedAt, endedAt, stages }: RehearsalOutcome | ReleaseOutcome): string {
  const waited = stages.filter(isWait).reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  const whole = duration(Date.parse(endedAt) - Date.parse(startedAt));
  return waited === 0 ? whole : `${whole}, ${duration(waited)} of it waiting`;
}

/** Where it failed, and the server's word for why. */
function causeOf(message: string): string {
  const [place = '', ...more] = message.split('\n');
  const word = more.find((line) => line.includes('SQLSTATE'));
  return word === undefined ? place : `${place}: ${word}`;
}
