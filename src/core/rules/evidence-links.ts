import type { Approval, RecordedAct } from '../schema/act';
import type { Link, Outcome, RehearsalSummary } from '../schema/evidence';
import type { ReleaseOutcome } from '../schema/outcome';

/** A link before it stands in its chain. */
export interface LinkDraft {
  readonly at: string;
  readonly link: Link;
}

/** What links say beside the outcome: read when the chain is made. */
export interface LinkFacts {
  /** The lines of the manifest as `LC_ALL=C sort` orders them; null where the package is not at hand. */
  readonly manifest: readonly string[] | null;
  /** Of the rehearsal that a release went by; null where it is not at hand. */
  readonly rehearsal: RehearsalSummary | null;
}

/** The chain of an outcome: its audit, what led to it in the order of its time, and at last the outcome itself. */
export function linksOf(outcome: Outcome, facts: LinkFacts): readonly LinkDraft[] {
  const led = outcome.kind === 'release' ? ledToRelease(outcome, facts) : [];
  return [auditLink(outcome, facts), ...led, { at: endOf(outcome), link: { kind: 'outcome', outcome } }];
}

/** A clock that was put back while it ran must not make a chain whose time goes backwards. */
function endOf({ startedAt, endedAt }: Outcome): string {
  return Date.parse(endedAt) >= Date.parse(startedAt) ? endedAt : startedAt;
}

/** How a link is named in its statement, with the version of its form. */
export function predicateTypeOf(link: Link): string {
  const name = link.kind === 'outcome' ? link.outcome.kind : link.kind.replaceAll(' ', '-');
  return `https://one-roof.invalid/evidence/${name}/v1`;
}

/** A summary of a rehearsal for the release that goes by it; undefined of anything else. */
export function rehearsalSummary(outcome: Outcome): RehearsalSummary | undefined {
  if (outcome.kind !== 'rehearsal') return undefined;
  const { id, package: pkg, scope, source, sourceIdentity, endedAt, tiers } = outcome;
  const rolledBack = tiers.map(({ id: tier, rollback }) => ({ id: tier, rollback }));
  const from = { source, registration: sourceIdentity?.registration ?? null };
  return { id, outcome: outcome.outcome, digest: pkg.digest, scope, ...from, endedAt, tiers: rolledBack };
}

function auditLink({ startedAt, stages }: Outcome, { manifest }: LinkFacts): LinkDraft {
  const audits = stages.filter(({ stage }) => stage === 'audit' || stage === 'audit again');
  return {
    at: startedAt,
    link: { kind: 'audit', manifest: manifest === null ? null : [...manifest], audits },
  };
}

function ledToRelease(outcome: ReleaseOutcome, { rehearsal }: LinkFacts): readonly LinkDraft[] {
  const { startedAt, approvals, acts, voided = [] } = outcome;
  const reference = { kind: 'rehearsal reference', evidence: outcome.rehearsal ?? '', rehearsal } as const;
  const drafts: readonly LinkDraft[] = [
    ...(outcome.rehearsal === null ? [] : [{ at: startedAt, link: reference }]),
    ...approvals.map((approval) => approvalLink(approval, acts)),
    ...voided.map((each) => ({ at: each.at, link: { kind: 'voided', voided: each } }) as const),
  ];
  const within = drafts.map(({ at, link }) => ({ at: clamped(at, startedAt, endOf(outcome)), link }));
  return [
    ...within.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)),
    ...rollbackLink(outcome),
  ];
}

/** By the workflow's clock: that of a signer may differ. */
function approvalLink(approval: Approval, acts: readonly RecordedAct[]): LinkDraft {
  const act = acts.find(({ key, accepted }) => accepted && key === approval.key) ?? null;
  return { at: act?.at ?? approval.at, link: { kind: 'approval', approval, act } };
}

function clamped(at: string, first: string, last: string): string {
  const ms = Date.parse(at);
  if (!(ms >= Date.parse(first))) return first;
  return ms <= Date.parse(last) ? at : last;
}

/** What was rolled back, or could not be. */
function rollbackLink(outcome: ReleaseOutcome): readonly LinkDraft[] {
  const { rolledBack, rollback, rollsBack, recovers, losses = [] } = outcome;
  const tiers = outcome.tiers.filter(({ outcome: end }) => end === 'rolled back' || end === 'left applied');
  if (!rolledBack && rollback === null && tiers.length === 0) return [];
  const of = rollsBack ?? recovers ?? null;
  return [{ at: endOf(outcome), link: { kind: 'rollback', of, tiers, comparison: rollback, losses } }];
}
