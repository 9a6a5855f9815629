import { nameOf } from '../core/rules/chain-contents';
import type { Link } from '../core/schema/evidence';
import { duration } from './amounts';

/** What a link says, in a line for people. */
export function saysOf(link: Link): string {
  switch (link.kind) {
    case 'audit':
      return auditWords(link);
    case 'rehearsal reference':
      return rehearsalWords(link);
    case 'approval':
      return approvalWords(link);
    case 'voided': {
      const { why, approvals } = link.voided;
      return `void: ${approvals.map(({ gate, who }) => `${gate} by ${who}`).join(', ')}: ${why.join('; ')}`;
    }
    case 'rollback': {
      const of = link.of === null ? '' : ` of ${link.of}`;
      const verdict = link.comparison === null ? 'not compared' : link.comparison.verdict;
      return `${link.tiers.map(({ id, outcome }) => `${id} ${outcome}`).join(', ') || 'nothing'}${of}; schema afterwards: ${verdict}`;
    }
    case 'outcome':
      return outcomeWords(link);
  }
}

type Of<Kind extends Link['kind']> = Extract<Link, { kind: Kind }>;

function auditWords({ manifest, audits }: Of<'audit'>): string {
  const files = manifest === null ? 'its manifest was not at hand' : `manifest of ${manifest.length} files`;
  const done = audits.filter(({ state }) => state === 'done').length;
  return `${files}; audited ${done} times, ${audits.length - done} without success`;
}

function rehearsalWords({ evidence, rehearsal }: Of<'rehearsal reference'>): string {
  if (rehearsal === null) return `evidence ${evidence}, which could not be read then`;
  const { id, outcome, endedAt, scope, source } = rehearsal;
  return `${id}, ${outcome} ${endedAt}, scope ${scope} from ${source}; evidence ${evidence}`;
}

function approvalWords(link: Of<'approval'>): string {
  const { decision, assurance, reason, at } = link.approval;
  return `${nameOf(link)}: ${decision} ${at}, ${assurance === 'claimed' ? 'name only claimed' : assurance}: ${reason}`;
}

function outcomeWords({ outcome }: Of<'outcome'>): string {
  const took = duration(Date.parse(outcome.endedAt) - Date.parse(outcome.startedAt));
  const why = outcome.error === undefined ? '' : `: ${outcome.error.code}: ${outcome.error.message}`;
  return `${outcome.outcome} after ${took}${why}`;
}
