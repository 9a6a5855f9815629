import type { Approval } from '../../core/schema/act';
import type { GateReading } from '../../core/schema/attempt';
import type { ReleaseOutcome } from '../../core/schema/outcome';
import { sectionOf, table, text } from '../document';
import type { Block, Section, Table } from '../document';
import { moment } from '../amounts';
import { joined, quoted, say, strong, verbatim } from '../words';
import type { Words } from '../words';

const ASSURANCES: Readonly<Record<Approval['assurance'], string>> = {
  claimed: 'claimed: a name that a client gave',
  ssh: "ssh: signed over exactly this statement by an allowed signer's key",
  principal: "principal: the server's own stamp on the signal's event",
};

/** On whose word it was let through, and what that word is worth. */
export function peopleSections(outcome: ReleaseOutcome): readonly Section[] {
  return [
    ...sectionOf('Approvals', approvals(outcome.approvals)),
    ...sectionOf('Approvals that became void', [voided(outcome)]),
    ...sectionOf('Held by windows, freezes or live checks', [held(outcome)]),
    ...sectionOf('Hard gates, each reading', [
      readings('A hard gate is a question to the database itself: it must be open, too', outcome.readings),
    ]),
    ...sectionOf('Acts, accepted and refused', [acts(outcome)]),
  ];
}

function approvals(given: readonly Approval[]): readonly Block[] {
  if (given.length === 0) return [text('Nobody has approved it.')];
  const rows = given.map(({ gate, who, decision, assurance, at, reason, digest }) => [
    verbatim(who),
    verbatim(gate),
    decision,
    ASSURANCES[assurance],
    moment(at),
    verbatim(reason),
    quoted(digest.slice(0, 12)),
  ]);
  const isClaimed = given.some(({ assurance }) => assurance === 'claimed');
  const warning = text('**A claimed name proves nothing**: whoever could reach the server could give it.');
  const heads = ['who', 'gate', 'decision', 'assurance', 'at', 'reason', 'digest'];
  return [...(isClaimed ? [warning] : []), table(heads, rows, 'Who approved, and how that is known')];
}

/** What people had approved before it changed. */
function voided({ voided: all = [] }: ReleaseOutcome): Table {
  const rows = all.flatMap(({ at, why, approvals: given }) =>
    given.map(({ gate, who }) => [verbatim(who), verbatim(gate), moment(at), verbatim(why.join('; '))]),
  );
  return table(['who', 'gate', 'at', 'why'], rows, 'They counted no more, and were asked for again');
}

/** Whoever overrode something is named beside it. */
function held({ held: all = [] }: ReleaseOutcome): Table {
  const rows = all.map(({ tier, why, from, until, overridden }) => [
    verbatim(tier),
    moment(from),
    overridden.length === 0 ? `until ${moment(until)}` : joined(overridden.map(override), '; '),
    verbatim(why.join('; ')),
  ]);
  return table(['before', 'at', 'how it ended', 'why'], rows, 'It waited although its gates were open');
}

function override({ kind, by }: { readonly kind: string; readonly by: readonly string[] }): Words {
  return strong(`overridden (${kind}) by ${by.join(', ')}`);
}

export function readings(caption: string, all: readonly GateReading[]): Table {
  const rows = all.map(({ gate, open, value, opens, readAt, unreadable }) => [
    verbatim(gate),
    open ? 'open' : 'closed',
    verbatim(unreadable ?? value),
    verbatim(opens),
    readAt,
  ]);
  return table(['gate', 'state', 'read', 'opens at', 'read at'], rows, caption);
}

function acts({ acts: all }: ReleaseOutcome): Table {
  const rows = all.map(({ at, act, as, gate, accepted, reason }) => [
    say`${act}`,
    verbatim(as),
    gate === undefined ? '' : verbatim(gate),
    accepted ? 'accepted' : strong('refused'),
    reason === undefined ? '' : verbatim(reason),
    moment(at),
  ]);
  return table(
    ['act', 'as (claimed)', 'gate', 'answer', 'reason', 'at'],
    rows,
    'All that people have asked of it',
  );
}
