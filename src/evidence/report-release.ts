import { isUndone } from '../core/rules/undone';
import type { Approval } from '../core/schema/act';
import type { ReleaseOutcome } from '../core/schema/outcome';
import { code, duration, list, moment, section, table } from './report-blocks';

/** What a release has done, and on whose word. */
export function releaseSections(outcome: ReleaseOutcome): readonly string[] {
  return [
    section('Tiers', tiersTable(outcome)),
    section('Baseline and drift', driftTable(outcome)),
    section('Rollback', rollbackPart(outcome)),
    section('Rows that others had written since', lossesPart(outcome)),
    section('Approvals', approvalsPart(outcome.approvals)),
    section('Approvals that became void', voidedTable(outcome)),
    section('Held by windows, freezes or live checks', heldTable(outcome)),
    section('Hard gates, each reading', readingsTable(outcome)),
    section('Acts, accepted and refused', actsTable(outcome)),
    section(
      'What was changed before the gate',
      `Mutations, counted by transaction ids: ${outcome.mutations.beforeGate}.`,
    ),
    section('How to go on', howToGoOn(outcome)),
  ];
}

function tiersTable({ tiers }: ReleaseOutcome): string {
  const rows = tiers.map(({ id, outcome, ms, attempts }) => [id, outcome, duration(ms), String(attempts)]);
  return table(['tier', 'outcome', 'time', 'attempts'], rows);
}

function driftTable({ drift, baseline }: ReleaseOutcome): string {
  if (drift.length > 0) {
    const rows = drift.map(({ metric, entry, exit, policy, verdict }) => [
      metric,
      String(entry),
      String(exit),
      policy,
      verdict === 'drift' ? '**drift**' : verdict,
    ]);
    return table(['metric', 'entry', 'exit', 'declared', 'verdict'], rows);
  }
  const rows = Object.entries(baseline.entry).map(([metric, value]) => [
    metric,
    String(value),
    String(baseline.exit[metric] ?? 'not read'),
  ]);
  return table(['metric', 'entry', 'exit'], rows);
}

function rollbackPart({ rolledBack, rollback, fingerprint }: ReleaseOutcome): string {
  if (!rolledBack && rollback === null) return '';
  const schemas = [
    ['before the first tier', fingerprint.before?.schema],
    ['afterwards', fingerprint.after?.schema],
  ].map(([when = '', digest]) => [when, digest === undefined ? 'not taken' : code(digest)]);
  const verdict = rollback === null ? 'not compared' : rollback.verdict;
  const more = rollback === null || rollback.more === 0 ? [] : [`… and ${rollback.more} more`];
  return [
    `Rolled back: ${rolledBack ? 'yes' : 'no'}. The schema, compared with that before the first tier: **${verdict}**.`,
    table(['schema digest', ''], schemas),
    list([...(rollback?.differences ?? []), ...more]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Only where rows were counted: before the rollback of another release. */
function lossesPart({ losses, rollsBack, rolledBack }: ReleaseOutcome): string {
  if (losses === undefined) return '';
  if (losses.length === 0) return 'None, as counted before anything was rolled back.';
  const fate =
    rollsBack !== undefined && rolledBack
      ? 'They were in tables that the release had created, and went with them.'
      : 'They are in tables that the release had created.';
  const rows = losses.map(({ table: name, rows: number }) => [name, String(number)]);
  return [`As people were told before they decided. ${fate}`, table(['table', 'rows'], rows)].join('\n\n');
}

const ASSURANCES: Readonly<Record<Approval['assurance'], string>> = {
  claimed: 'claimed: a name that a client gave',
  ssh: "ssh: signed over exactly this statement by an allowed signer's key",
  principal: "principal: the server's own stamp on the signal's event",
};

function approvalsPart(approvals: readonly Approval[]): string {
  if (approvals.length === 0) return 'Nobody has approved it.';
  const rows = approvals.map(({ gate, who, decision, assurance, at, reason, digest }) => [
    gate,
    who,
    decision,
    ASSURANCES[assurance],
    moment(at),
    reason,
    code(digest.slice(0, 12)),
  ]);
  return table(['gate', 'who', 'decision', 'assurance', 'at', 'reason', 'digest'], rows);
}

/** What people had approved before it changed. */
function voidedTable({ voided = [] }: ReleaseOutcome): string {
  const rows = voided.flatMap(({ at, why, approvals }) =>
    approvals.map(({ gate, who }) => [moment(at), gate, who, why.join('; ')]),
  );
  return table(['at', 'gate', 'who', 'why'], rows);
}

/** Whoever overrode something is named beside it. */
function heldTable({ held = [] }: ReleaseOutcome): string {
  const rows = held.map(({ tier, why, from, until, overridden }) => [
    tier,
    moment(from),
    overridden.length === 0
      ? `until ${moment(until)}`
      : overridden.map(({ kind, by }) => `**overridden (${kind}) by ${by.join(', ')}**`).join('; '),
    why.join('; '),
  ]);
  return table(['before', 'at', 'how it ended', 'why'], rows);
}

function readingsTable({ readings }: ReleaseOutcome): string {
  const rows = readings.map(({ gate, open, value, opens, readAt, unreadable }) => [
    gate,
    open ? 'open' : 'closed',
    unreadable ?? String(value),
    opens,
    readAt,
  ]);
  return table(['gate', 'state', 'read', 'opens at', 'read at'], rows);
}

function actsTable({ acts }: ReleaseOutcome): string {
  const rows = acts.map(({ at, act, as, gate, accepted, reason }) => [
    moment(at),
    act,
    as,
    gate ?? '',
    accepted ? 'accepted' : 'refused',
    reason ?? '',
  ]);
  return table(['at', 'act', 'as (claimed)', 'gate', 'answer', 'reason'], rows);
}

const NEXT: Readonly<Record<ReleaseOutcome['outcome'], string>> = {
  released: 'Nothing is left to do. Keep this report and its evidence.',
  'rolled back': 'The target is as it was. Correct what failed, rehearse the new bytes, start a new release.',
  rejected:
    'Read the reason of the one who rejected it; a changed package needs a rehearsal and approvals of its own.',
  expired: 'The wait ended. Start a new release when people are ready.',
  aborted: 'It was stopped by a person. Start a new release when that reason is gone.',
  refused: 'Nothing was changed. Mend what is named above, then start a new release.',
  failed:
    'Look at each tier above for what is in effect, and into the ledger `one_roof.ledger` of the target.',
  stuck: 'A person must act: look at each tier above and into the ledger `one_roof.ledger` of the target.',
};

function howToGoOn(outcome: ReleaseOutcome): string {
  if (!isUndone(outcome)) return NEXT[outcome.outcome];
  const { recovers, rollsBack } = outcome;
  return `The target is as it was before ${code(rollsBack ?? recovers ?? '')}. Nothing is left to do. Keep this report and its evidence.`;
}
