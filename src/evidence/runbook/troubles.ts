import { shell, text } from '../document';
import type { Block } from '../document';
import { isConditional, overriders } from './conditions';
import type { RunbookFacts } from './facts';

/** Where people decide, and what each choice leads to. */
export function releaseDecisions(facts: RunbookFacts): readonly string[] {
  const { plan, policy } = facts;
  const wait = policy === null ? 'what the policy says' : policy.approvalsValidFor;
  const within =
    plan.onFailure === 'hold' && policy?.decideWithin !== undefined
      ? [`Nobody decides within ${policy.decideWithin} after a verdict: it is rolled back by itself.`]
      : [];
  return [
    `At a gate: \`one-roof approve\` says yes to exactly these bytes, and counts for ${wait} at most. \`one-roof withdraw\` takes it back before the gate is passed.`,
    'At a gate: `one-roof reject` says no. The release ends as `rejected`.',
    'At a gate: `one-roof close-gate ID` voids all approvals. They must be given again.',
    ...heldByConditions(facts),
    'At any time: `one-roof pause ID` stops it before its next step. The step that runs is finished first. `one-roof resume ID` lets it go on.',
    'At any time: `one-roof abort ID` ends it. What it has applied is rolled back. This cannot be taken back.',
    plan.onFailure === 'rollback'
      ? 'A tier, a verification or a metric says no: everything is rolled back. Nobody is asked.'
      : 'A tier, a verification or a metric says no: it holds (exit code 5), and you decide.',
    ...within,
    'It cannot see what it needs to see (a full disk, an answer that does not come): it holds, exit code 5. `one-roof decide ID retry` goes on. `one-roof decide ID rollback` rolls back all that it applied.',
    'Each needs `--as YOUR-NAME --reason "WHY"`. `reject` and `withdraw` take `--gate` and `--digest` too, as `approve` does.',
  ];
}

function heldByConditions(facts: RunbookFacts): readonly string[] {
  if (!isConditional(facts)) return [];
  const { digest } = facts.plan.package;
  const by = overriders(facts);
  const all =
    'A window, a freeze or a live check holds it, though its gates are open: it goes on by itself when that is over; `one-roof status ID` says when.';
  if (by === null) return [`${all} The policy lets nobody override it.`];
  return [
    all,
    `Held so, and it cannot wait: an emergency override by ${by}. Each sends \`one-roof approve ID --gate override.calendar --digest ${digest}\` (\`override.live\` against a live check, \`override.rehearsal\` with an old rehearsal). It is named in the evidence.`,
  ];
}

export function rollbackDecisions(): readonly string[] {
  return [
    'Before you start: rows that others wrote since into what the release created go with it. The start says how many, and asks.',
    'Before you start: updates by others are not counted. A column that a tier added goes with what others filled into it.',
    'At its gate: the same people approve or reject as for the release. Until then nothing is changed.',
    'Once it has begun to roll back, `abort` does not stop it: it goes to its end, or is stuck at a tier and asks.',
    'A tier would take rows of others that nobody counted before: it is stuck, exit code 5. Save the rows, then `one-roof decide ID retry`; or `one-roof abort ID` leaves the rest applied, and names it.',
    'Positions of sequences are never taken back: PostgreSQL does not.',
  ];
}

/** Each place at which a release may stop, with what is applied there and what to type. */
export function releaseTroubles(facts: RunbookFacts): readonly Block[] {
  return [...beforeTiers(facts), ...inTiers(facts), ...afterTiers(), ...holding(), ...machines(facts)];
}

export function rollbackTroubles(facts: RunbookFacts): readonly Block[] {
  return [
    text(
      '**Before its gate is open.** Nothing is changed. It ends as `refused`, `rejected`, `expired` or `aborted`; mend what it names, and start it again.',
    ),
    ...holding(),
    ...machines(facts),
  ];
}

function beforeTiers({ gates, plan }: RunbookFacts): readonly Block[] {
  const isAskedLater = gates.some(({ before }) => before !== plan.tiers[0]?.id);
  return [
    text(
      '**Before the gate.** Nothing is applied. It ends by itself as `refused` (exit code 4) and names the reason. Mend that, then start it again.',
    ),
    text(
      '**At its first gate.** Nothing is applied. This names who is missing, and what the hard gate read:',
    ),
    shell('one-roof status ID'),
    text('To give up there: `one-roof abort`, as above. Nothing is to be rolled back.'),
    text(
      '**In line.** Nothing is applied. Another release holds the database; the status names it. It goes on by itself, through its gates, when that one has ended.',
    ),
    ...(isAskedLater
      ? [text('**At a later gate.** The tiers before it are applied. To give up there rolls them back.')]
      : []),
  ];
}

function inTiers({ plan, policy }: RunbookFacts): readonly Block[] {
  const budget = policy === null ? '' : ` for ${policy.lockBudget}`;
  return [
    text(
      `**In a tier, it waits for a lock.** The status names who holds it. It is tried again by itself${budget}, then it holds. Talk to whoever is named, or wait.`,
    ),
    shell('one-roof status ID'),
    text(
      plan.onFailure === 'rollback'
        ? '**In a tier, it fails.** PostgreSQL takes the tier back, then the tiers before it are rolled back, last first. It ends as `rolled back`, exit code 1. Do nothing; read the report.'
        : '**In a tier, it fails.** It holds, exit code 5. Tiers before it stay applied until you decide: see below, "It holds".',
    ),
    text(
      '**In a tier, you abort.** The running statement is cancelled, PostgreSQL takes its transaction back, and the tiers before it are rolled back. It ends as `aborted`.',
    ),
    text(
      '**In a tier, the gate closes.** That attempt is taken back and the gate is waited for again. It is no failure.',
    ),
  ];
}

function afterTiers(): readonly Block[] {
  return [
    text('**After the last tier, before its end.** A check that fails is judged like a tier that fails.'),
    text('**It was released, and must go.** Use the rollback runbook:'),
    shell('one-roof rollback ID --requester YOUR-NAME'),
  ];
}

function holding(): readonly Block[] {
  return [
    text('**It holds (exit code 5).** Read the reason and the choices:'),
    shell('one-roof status ID'),
    text('The cause is mended: it tries again what failed, and goes on.'),
    shell('one-roof decide ID retry --as YOUR-NAME --reason "WHY"'),
    text('It must not go on: all that it applied is rolled back.'),
    shell('one-roof decide ID rollback --as YOUR-NAME --reason "WHY"'),
    text(
      '**A rollback is stuck (exit code 5).** The status shows its SQL and what stops it. That tier is still applied, or goes on where it stopped. Mend what is in its way; do not run the SQL by hand. Then `retry`, as above. Where it can never succeed, `one-roof abort ID` leaves what is applied, and names it.',
    ),
  ];
}

function machines({ target, folder }: RunbookFacts): readonly Block[] {
  return [
    text(
      '**The worker is dead.** Nothing is lost. Start one where the database can be reached. It asks the ledger what has happened, and goes on.',
    ),
    shell('one-roof worker'),
    text(
      '**Temporal does not answer.** Bring it back. Releases go on where they were. Meanwhile a running tier ends by itself, and the ledger knows it.',
    ),
    text(
      `**The release was terminated, or Temporal has lost it.** The ledger of ${target} shows it open. Look first; exit code 3:`,
    ),
    shell(`one-roof recover ${target}`),
    text('Roll back all that it applied. It waits at no gate:'),
    shell(`one-roof recover ${target} --rollback --requester YOUR-NAME`),
    text('Or let it go on where it stopped. It passes its gates again:'),
    shell(`one-roof recover ${target} --go-on --requester YOUR-NAME`),
    text(`Where the store has lost the package, add \`--package ${folder}\`.`),
    text(
      '**PostgreSQL restarts.** The tier is tried again. Where commits were lost (a failover, a restored backup) it holds with COMMITS_LOST: nothing is applied on top until you decide.',
    ),
    text('**Nothing of One-Roof can be used.** Break the glass, below.'),
  ];
}
