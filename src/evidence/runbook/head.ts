import { shell, table, text } from '../document';
import type { Section } from '../document';
import { duration, moment } from '../amounts';
import { anyOf, countsUntil } from './facts';
import type { RunbookFacts } from './facts';

/** Where the times come from; that there are none, where nothing was rehearsed. */
export function lead({ rehearsal, unread }: RunbookFacts): string {
  if (rehearsal === null)
    return `**Nothing was rehearsed**: ${unread ?? 'no passing rehearsal is known'}. So this runbook shows no times and no locks.`;
  const { id, source } = rehearsal.outcome;
  return `Times and locks are those of ${id}, measured on a clone of ${source}. Where no time stands, none was measured.`;
}

/** Which bytes, for which database, and who may do what. */
export function subject(facts: RunbookFacts): Section {
  const { plan, target, policy, now } = facts;
  const unknown = 'not known here: it stands in the targets.yaml of the workers';
  const mayControl = policy === null ? unknown : anyOf(policy.abort, 'anyone');
  const rows = [
    ['package', `${plan.package.name} ${plan.package.version}`],
    ['digest', plan.package.digest],
    ['folder', facts.folder],
    ['scope', plan.scope],
    ['tiers', plan.tiers.map(({ id }) => id).join(' → ')],
    ['target', target === 'TARGET' ? 'TARGET: put its name wherever this word stands' : target],
    ['database', `${plan.database.name}, PostgreSQL ${plan.database.postgres}`],
    ['written by', plan.author ?? 'not said'],
    ['last edited by', plan.lastEditor ?? ''],
    ['rehearsal', rehearsed(facts)],
    ['made', moment(new Date(now).toISOString())],
    ['may request it', policy === null ? unknown : anyOf(policy.request, 'anyone')],
    ['may abort, pause, decide', mayControl],
  ];
  return {
    title: 'What this is for',
    blocks: [
      table(
        ['', ''],
        rows.filter(([, fact]) => fact !== ''),
      ),
      text('`ID` is the id that the start prints. `YOUR-NAME` and `WHY` are yours.'),
    ],
  };
}

function rehearsed(facts: RunbookFacts): string {
  const { rehearsal, now } = facts;
  if (rehearsal === null) return 'none';
  const { id, endedAt, source, cloneHost } = rehearsal.outcome;
  const age = duration(Math.max(0, now - Date.parse(endedAt)));
  const until = countsUntil(facts);
  const counts = until === null ? '' : `; a release takes it until ${moment(until)}`;
  return `${id}, of ${source} on ${cloneHost}, ended ${moment(endedAt)}, ${age} before this was made${counts}`;
}

/** Whom to call. */
export function people({ contacts }: RunbookFacts): Section {
  const rows = Object.entries(contacts);
  return {
    title: 'Whom to call',
    blocks:
      rows.length === 0
        ? [text('The descriptor names nobody (`contacts`). Write names and numbers here before you begin.')]
        : [table(['', ''], rows)],
  };
}

/** The one line that is looked for in a hurry. */
export function stopNow({ policy }: RunbookFacts, follows: string): Section {
  const who = policy === null ? 'whoever the policy of the target lets' : anyOf(policy.abort, 'anyone');
  return {
    title: 'To stop it now',
    blocks: [
      shell('one-roof abort ID --as YOUR-NAME --reason "WHY"'),
      text(`It may be done by ${who}. ${follows}`),
    ],
  };
}

/** What the end of a command tells. */
export const EXITS: Section = {
  title: 'Exit codes of every command',
  blocks: [
    table(
      ['code', 'means'],
      [
        ['0', 'done'],
        ['1', 'not done: failed, rolled back, rejected, aborted, expired'],
        ['2', 'wrong usage or input'],
        ['3', 'waiting for a person or a gate'],
        ['4', 'refused'],
        ['5', 'stuck: a person must act'],
      ],
    ),
  ],
};
