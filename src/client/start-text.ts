import type { RehearsalOrder, ReleaseOrder } from '../core/schema/order';

/** What a person reads in the Temporal UI of a workflow that has just begun. */
export interface StartText {
  readonly summary: string;
  /** Markdown. */
  readonly details: string;
}

/** `one-roof-governance 2026-06-03 → production, scope full, for lead-a` */
export function releaseText(id: string, order: ReleaseOrder, gates: readonly string[]): StartText {
  const { name, version, digest } = order.package;
  const gate = gates[0] ?? 'GATE';
  const summary = `${name} ${version} → ${order.target}, scope ${order.scope}, for ${order.requester}`;
  const payload = { key: 'eight-or-more-characters', gate, digest, as: 'YOUR-NAME', reason: 'WHY' };
  const details = [
    `Release of **${name} ${version}** to **${order.target}**, scope **${order.scope}**, requested by ${order.requester}.`,
    `Digest: \`${digest}\``,
    ...(gates.length === 0
      ? []
      : [`Gates of the package: ${gates.join(', ')}; the target's policy may add more.`]),
    'To approve exactly these bytes, from a shell:',
    fenced(`one-roof approve ${id} --gate ${gate} --digest ${digest} --as YOUR-NAME --reason "WHY"`),
    'or from any Temporal client, this UI included: send the signal `approve` (or `reject`) with the payload',
    fenced(JSON.stringify(payload, null, 2)),
    'A name that a client gives is only claimed. Every act is answered in the query `acts`.',
    `The report: \`one-roof report ${id} --format md\``,
  ].join('\n\n');
  return { summary, details };
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

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
