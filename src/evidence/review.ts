import { isSameSchema, movedSince, rehearsedMs, risksOf } from '../core/rules/review';
import { isOverride } from '../core/rules/override';
import type { Review } from '../core/rules/review';
import type { StatementMeasure } from '../core/schema/attempt';
import { code, list, sectionOf, table, text } from './document';
import type { Block, Document, Section } from './document';
import { NOTES_TITLE, judgedNotes } from './judged-notes';
import { ago, counted, duration, moment } from './amounts';

/** Where the release can be looked at and answered. */
export interface Address {
  /** The workflow in the Temporal UI, where its address is known. */
  readonly ui: string | null;
  /** A key for the payload to paste. */
  readonly key: string;
}

/** What an approver is asked: what changes, how long it took, what rolls it back, what moved since, and how to answer. */
export function reviewOf(review: Review, address: Address): Document {
  const { status, plan } = review;
  const { name, version } = plan.package;
  const closed = status.gates.filter((gate) => !gate.open && !isOverride(gate)).map((gate) => gate.id);
  return {
    title: `Review of ${name} ${version} for ${status.target}`,
    lead: closed.length === 0 ? 'No gate waits for an approval now.' : `It waits at ${closed.join(', ')}.`,
    sections: [
      asked(review),
      { title: 'What changes', blocks: whatChanges(review) },
      { title: 'Statements, as rehearsed', blocks: statements(review) },
      ...noted(review),
      { title: 'What rolls it back, and how that was proven', blocks: rollback(review) },
      { title: 'What has moved since the rehearsal', blocks: moved(review) },
      { title: 'What to look at', blocks: [list(orNone(risksOf(review)))] },
      { title: 'Gates', blocks: gates(review) },
      { title: 'How to answer', blocks: answering(review, address) },
    ],
  };
}

function asked({ status, plan, rehearsal, unread }: Review): Section {
  const { requester, schema, rehearsal: evidence, assurance } = status.approving ?? {};
  const rows = [
    ['release', status.id],
    ['requested by', requester ?? ''],
    ['digest', plan.package.digest],
    ['scope', `${plan.scope}: ${plan.tiers.map((tier) => tier.id).join(', ')}`],
    [
      'written by',
      [
        plan.author ?? 'not said',
        ...(plan.lastEditor === null ? [] : [`last edited by ${plan.lastEditor}`]),
      ].join(', '),
    ],
    [
      'rehearsal',
      rehearsal === null
        ? (unread ?? 'none')
        : `${rehearsal.outcome.id}, ${moment(rehearsal.outcome.endedAt)}`,
    ],
    ['rehearsal evidence', evidence ?? 'none'],
    ['schema of the target', schema ?? ''],
    [
      'an approver must be',
      assurance === 'ssh' ? 'known by an SSH signature' : 'a name that a client gives: only claimed',
    ],
  ];
  return { title: 'What you are asked to approve', blocks: [table(['', ''], rows)] };
}

function whatChanges({ plan, rehearsal }: Review): readonly Block[] {
  const rehearsed = new Map(rehearsal?.outcome.tiers.map((tier) => [tier.id, tier]));
  const rows = plan.tiers.map(({ id, apply, statements: count, rules }) => {
    const tier = rehearsed.get(id);
    const expects = Object.entries(rules.expect).map(([metric, value]) => `${metric} = ${String(value)}`);
    const facts =
      tier === undefined ? ['', '', ''] : [duration(tier.ms), String(tier.rows), String(tier.walBytes)];
    return [id, apply.path, String(count), ...facts, expects.join(', ')];
  });
  return [table(['tier', 'file', 'statements', 'took', 'rows', 'WAL bytes', 'expects afterwards'], rows)];
}

/** Statements shown of one tier; the longest come first. */
const MOST_STATEMENTS = 12;

function statements({ plan, rehearsal }: Review): readonly Block[] {
  if (rehearsal === null) return [text('Nothing was measured.')];
  return plan.tiers.flatMap(({ id }) => {
    const measures = rehearsal.measures[id] ?? [];
    if (measures.length === 0) return [text(`**${id}**: its measures are not kept.`)];
    const shown = [...measures].sort((one, other) => other.ms - one.ms).slice(0, MOST_STATEMENTS);
    const left = measures.length - shown.length;
    const heads = ['line', 'statement', 'took', 'rows', 'locks taken and held', 'writes anew, scans'];
    return [
      text(`**${id}**${left === 0 ? '' : `, the ${shown.length} longest of ${measures.length}`}`),
      table(heads, shown.map(statementRow)),
    ];
  });
}

function statementRow(measure: StatementMeasure): readonly string[] {
  const { line, text: words, ms, rows, locks, rewrites, indexBuilds = [], scans = [] } = measure;
  const held = locks
    .filter(({ isNew }) => isNew !== true)
    .map(({ relation, mode, heldMs }) => {
      const time = heldMs === undefined ? '' : ` for ${duration(heldMs)}`;
      return `${relation} ${mode.replace(/Lock$/, '')}${time}`;
    });
  const anew = [
    ...rewrites,
    ...indexBuilds.map(({ index }) => `index ${index}`),
    ...scans.map(({ relation }) => `reads all of ${relation}`),
  ];
  return [
    String(line),
    words,
    duration(ms),
    rows === null ? '' : String(rows),
    held.join(', '),
    anew.join(', '),
  ];
}

function noted({ notes, plan, rehearsal }: Review): readonly Section[] {
  if (notes === undefined) return [];
  const tiers = plan.tiers.map(({ id }) => id);
  const measures = rehearsal?.measures ?? {};
  return sectionOf(NOTES_TITLE, judgedNotes(notes, { measures, tiers, where: 'in rehearsal, on a clone' }));
}

function rollback({ plan, rehearsal }: Review): readonly Block[] {
  const rehearsed = new Map(rehearsal?.outcome.tiers.map((tier) => [tier.id, tier]));
  const rows = plan.tiers.map(({ id, rollback: file, irreversible }) => [
    id,
    file?.path ?? `none: ${irreversible ?? ''}`,
    rehearsed.get(id)?.rollback ?? 'not proven',
    rehearsed.get(id)?.differences.join('; ') ?? '',
  ]);
  return [
    text(
      'On a clone of the target each tier was rolled back, last first, and the whole database was compared with what it was before that tier: catalog and rows.',
    ),
    table(['tier', 'rolled back by', 'afterwards', 'differences'], rows),
  ];
}

function moved(review: Review): readonly Block[] {
  if (review.rehearsal === null) return [text('There is nothing to compare with.')];
  const { endedAt } = review.rehearsal.outcome;
  const rows = movedSince(review);
  const metrics = rows.length === 0 ? 'no metric has moved' : `${counted(rows.length, 'metric')} moved`;
  return [
    text(
      `Rehearsed ${ago(endedAt, review.now)}, ${moment(endedAt)}. Since then: ${metrics}; ${schema(review)}.`,
    ),
    table(['metric', 'at the rehearsal', 'at the entry baseline'], rows),
  ];
}

function schema(review: Review): string {
  const isSame = isSameSchema(review);
  if (isSame === null) return 'whether the schema has changed is not known here';
  return isSame ? 'the schema is the same' : '**the schema has changed**';
}

function gates({ status }: Review): readonly Block[] {
  const rows = status.gates.map(({ id, open, before, approvals, hard }) => [
    id,
    open ? 'open' : 'closed',
    before,
    approvals
      .map(
        ({ group, need, have, of }) =>
          `${group} ${have.length}/${need}: ${have.join(', ') || 'nobody'} of ${of.join(', ')}`,
      )
      .join('; '),
    hard === null
      ? ''
      : `${hard.unreadable ?? String(hard.value)}, opens at ${hard.opens}, read ${hard.readAt}`,
  ]);
  return [table(['gate', 'state', 'before', 'approved', 'hard gate'], rows)];
}

function answering({ status, plan, ...review }: Review, { ui, key }: Address): readonly Block[] {
  const gate =
    status.gates.find((each) => !each.open && !isOverride(each))?.id ?? status.gates[0]?.id ?? 'GATE';
  const { digest } = plan.package;
  const signs = status.approving?.assurance === 'ssh';
  const line = `one-roof approve ${status.id} --gate ${gate} --digest ${digest} --as YOUR-NAME --reason "WHY"${signs ? ' --sign KEY' : ''}`;
  const payload = { key, gate, digest, as: 'YOUR-NAME', reason: 'WHY' };
  const total = rehearsedMs({ status, plan, ...review });
  return [
    ...(total === null ? [] : [text(`In rehearsal its tiers took ${duration(total)} together.`)]),
    text('From a shell (`reject` in place of `approve` says no and ends it):'),
    code(line),
    ...(signs
      ? [
          text(
            'A signal needs the signature too: `--write FILE` writes what is to be signed, and `approve --file FILE` sends it.',
          ),
        ]
      : [
          text('Or from the Temporal UI or any Temporal client: send the signal `approve` with this input.'),
          code(JSON.stringify(payload, null, 2)),
        ]),
    ...(ui === null ? [] : [text(`The workflow: ${ui}`)]),
  ];
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['Nothing that One-Roof knows to look for.'] : lines;
}
