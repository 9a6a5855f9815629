import { shortIdOf } from '../core/rules/contract';
import type { EvaluationOrder } from '../core/schema/evaluation';
import type { RehearsalOrder, ReleaseOrder } from '../core/schema/order';

/** What a person reads in the Temporal UI of a workflow that has just begun. */
export interface StartText {
  readonly summary: string;
  /** Markdown. */
  readonly details: string;
}

/** What whoever starts a release knows of it beside the order. */
export interface Announcement {
  /** The package's own; the target's policy may add more. */
  readonly gates: readonly string[];
  /** What was found before it began: tiers in effect, rows that would be lost. A sentence each. */
  readonly facts?: readonly string[];
}

/** `one-roof-governance 2026-06-03 → production, scope full, for lead-a` */
export function releaseText(id: string, order: ReleaseOrder, announced: Announcement): StartText {
  const { name, version, digest } = order.package;
  const { what, explained } = kindOf(order);
  const summary = `${what}${name} ${version} → ${order.target}, scope ${order.scope}, for ${order.requester}`;
  const details = [
    explained,
    `Digest: \`${digest}\``,
    list('Found before it began:', announced.facts ?? []),
    ...(order.recovers?.choice === 'rollback' ? [NO_GATE] : approvalText(id, order, announced.gates)),
    `Where it stands: \`one-roof status ${id}\`. To end it: \`one-roof abort ${id} --as YOUR-NAME --reason "WHY"\`.`,
    `The report: \`one-roof report ${id} --format md\``,
  ].filter((part) => part !== '');
  return { summary, details: details.join('\n\n') };
}

const NO_GATE =
  'It waits at no gate, for nobody has to approve that the target becomes what it was. If a rollback fails, it stops and asks: `one-roof decide`.';

/** The order in a sentence, with what it does to the target. */
function kindOf(order: ReleaseOrder): { readonly what: string; readonly explained: string } {
  const { recovers, rollsBack } = order;
  const pkg = `**${order.package.name} ${order.package.version}**`;
  const where = `**${order.target}**, scope **${order.scope}**, requested by ${order.requester}.`;
  if (rollsBack !== undefined)
    return {
      what: `rollback of ${shortName(rollsBack)}: `,
      explained: `Rollback of the finished release \`${rollsBack}\` of ${pkg} in ${where} Behind its gates it rolls back, last first, the tiers that are in effect by that release, and no others.`,
    };
  if (recovers?.choice === 'rollback')
    return {
      what: `recovery of ${shortName(recovers.release)} by rollback: `,
      explained: `Recovery of \`${recovers.release}\` of ${pkg} in ${where} That release was terminated in the midst of it: all that it applied is rolled back, last first.`,
    };
  if (recovers !== undefined)
    return {
      what: `recovery of ${shortName(recovers.release)}, going on: `,
      explained: `Recovery of \`${recovers.release}\` of ${pkg} in ${where} That release was terminated in the midst of it: behind its gates, which are passed anew, it goes on where that one stopped. If a tier fails, all is rolled back, also what that one had applied.`,
    };
  return { what: '', explained: `Release of ${pkg} to ${where}` };
}

/** The server keeps a summary short. What was run by hand has no short id. */
function shortName(release: string): string {
  return release.startsWith('release-') ? shortIdOf(release) : release;
}

/** How to approve: a command, and the same from any Temporal client. */
function approvalText(id: string, order: ReleaseOrder, gates: readonly string[]): readonly string[] {
  const { digest } = order.package;
  const gate = gates[0] ?? 'GATE';
  const payload = { key: 'eight-or-more-characters', gate, digest, as: 'YOUR-NAME', reason: 'WHY' };
  return [
    ...(gates.length === 0
      ? []
      : [`Gates of the package: ${gates.join(', ')}; the target's policy may add more.`]),
    'To approve exactly these bytes, from a shell:',
    fenced(`one-roof approve ${id} --gate ${gate} --digest ${digest} --as YOUR-NAME --reason "WHY"`),
    'or from any Temporal client, this UI included: send the signal `approve` (or `reject`) with the payload',
    fenced(JSON.stringify(payload, null, 2)),
    'A name that a client gives is only claimed. Every act is answered in the query `acts`.',
  ];
}

/** `one-roof-governance 2026-06-03: rehearsal of production on clone-host, scope full` */
export function rehearsalText(id: string, order: RehearsalOrder): StartText {
  const { name, version, digest } = order.package;
  const what = `rehearsal of ${order.source} on ${order.cloneHost}, scope ${order.scope}`;
  const details = [
    `Rehearsal of **${name} ${version}**, scope **${order.scope}**, on a clone of **${order.source}** at **${order.cloneHost}**.`,
    `Digest: \`${digest}\``,
    order.keepAs === undefined
      ? 'The clone is dropped at the end.'
      : `The clone is kept as \`${order.keepAs}\`.`,
    `The report: \`one-roof report ${id} --format md\``,
  ].join('\n\n');
  return { summary: `${name} ${version}: ${what}`, details };
}

/** `one-roof-governance 2026-06-03: evaluation of option-3, full` */
export function evaluationText(id: string, order: EvaluationOrder): StartText {
  const { name, version, digest } = order.package;
  const scopes = order.scopes.join(', ');
  const details = [
    `Evaluation of the scopes **${scopes}** of **${name} ${version}**: each rehearsed on a clone of **${order.source}** at **${order.cloneHost}**, and each way in two steps. Production is only read.`,
    `Digest: \`${digest}\``,
    `The report: \`one-roof report ${id} --format md\``,
  ].join('\n\n');
  return { summary: `${name} ${version}: evaluation of ${scopes}`, details };
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `- ${line}`)].join('\n');
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
