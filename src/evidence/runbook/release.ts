import { requiredEntry } from '../../core/rules/drift';
import { list, shell, steps, table, text } from '../document';
import type { Block, Document, Section } from '../document';
import { moment } from '../amounts';
import { breakGlassRelease } from './break-glass';
import { conditionChecks } from './conditions';
import { allTiersTime, countsUntil, scopeOption } from './facts';
import type { RunbookFacts } from './facts';
import { approvalCommands, barred, quorums, sqlLine } from './gates';
import { EXITS, lead, people, stopNow, subject } from './head';
import { releaseStages } from './stages';
import { tiersForward } from './tiers';
import { releaseDecisions, releaseTroubles } from './troubles';

/** How this package is released: what must hold before, each step with what it prints, what goes wrong, and what then. */
export function releaseRunbook(facts: RunbookFacts): Document {
  const { plan, target } = facts;
  return {
    title: `Release runbook: ${plan.package.name} ${plan.package.version} on ${target}`,
    lead: lead(facts),
    sections: [
      subject(facts),
      people(facts),
      stopNow(
        facts,
        'Before its first tier it has changed nothing. Later what it has applied is rolled back, last tier first.',
      ),
      goOrNoGo(facts),
      { title: 'What you type', blocks: typed(facts) },
      { title: 'What it does, in this order', blocks: releaseStages(facts) },
      { title: 'The tiers, one by one', blocks: tiersForward(facts) },
      { title: 'Decision points', blocks: [list(releaseDecisions(facts))] },
      { title: 'When it goes wrong', blocks: releaseTroubles(facts) },
      ...breakGlassRelease(facts),
      EXITS,
    ],
  };
}

function goOrNoGo(facts: RunbookFacts): Section {
  const { folder, plan, target } = facts;
  return {
    title: 'Go or no-go',
    blocks: [
      text('Each of these must be so. If one is not: no-go. Nothing is started, and nothing was changed.'),
      steps([
        `\`one-roof package check ${folder}\` prints \`nothing is wrong\`.`,
        `\`one-roof audit ${folder}\` prints \`digest ${plan.package.digest}\`.`,
        '`one-roof doctor` prints `ok` in each line.',
        `\`one-roof targets check\` prints \`ok\` in the line of ${target}.`,
        rehearsalCheck(facts),
        `\`one-roof recover ${target}\` prints \`no release is open in ${target}\`.`,
        ...entryCheck(facts),
        ...conditionChecks(facts),
        ...facts.gates.flatMap(gateChecks),
        ...(facts.gates.length === 0
          ? ['No gate holds it back: it begins as soon as it is started.']
          : [barred(facts)]),
        ...irreversibleChecks(facts),
        `Break-glass is at hand: \`psql --version\` answers, the folder is here, and the password of ${facts.executor} can be had.`,
      ]),
      ...entryTable(facts),
    ],
  };
}

function rehearsalCheck(facts: RunbookFacts): string {
  const { folder, plan, target, rehearsal, policy, now } = facts;
  const host = rehearsal?.outcome.cloneHost ?? 'CLONE-HOST';
  const again = `\`one-roof rehearse ${folder} --source ${target} --on ${host}${scopeOption(plan)}\` must print \`rehearsed\`; then make this runbook again.`;
  if (rehearsal === null)
    return `${policy?.rehearsal.required === false ? 'The target asks for no rehearsal. Rehearse all the same' : '**No-go as it stands**: there is no rehearsal'}. ${again}`;
  const until = countsUntil(facts);
  if (until === null)
    return `The rehearsal is young enough for you: ${moment(rehearsal.outcome.endedAt)}. If not: ${again}`;
  if (Date.parse(until) < now)
    return `**No-go as it stands**: the rehearsal counted until ${moment(until)}. ${again}`;
  return `It is before ${moment(until)}: until then the rehearsal counts. Later: ${again}`;
}

function entryCheck({ plan, target, folder }: RunbookFacts): readonly string[] {
  if (Object.keys(requiredEntry(plan.metrics)).length === 0) return [];
  return [`\`one-roof baseline ${target} --package ${folder}\` prints the values of the table below.`];
}

function entryTable({ plan }: RunbookFacts): readonly Block[] {
  const rows = Object.entries(requiredEntry(plan.metrics)).map(([metric, value]) => [
    metric,
    String(value),
    plan.metrics[metric]?.meaning ?? '',
  ]);
  return rows.length === 0 ? [] : [table(['metric', 'at entry', 'meaning'], rows)];
}

function gateChecks(gate: RunbookFacts['gates'][number]): readonly string[] {
  const { id, before, hard } = gate;
  const needed = quorums(gate);
  return [
    ...(needed.length === 0
      ? []
      : [`For gate ${id}, before ${before}, these can be reached: ${needed.join('; ')}.`]),
    ...(hard === undefined
      ? []
      : [
          `You know who opens the hard gate of ${id}: it is open while ${sqlLine(hard.sql)} gives ${hard.opens}. It may still be closed now; the release waits.`,
        ]),
  ];
}

function irreversibleChecks({ plan }: RunbookFacts): readonly string[] {
  return plan.tiers
    .filter(({ irreversible }) => irreversible !== null)
    .map(
      ({ id, irreversible }) =>
        `**${id} cannot be rolled back**: ${irreversible ?? ''}. Nothing below it can be rolled back either. You have decided that this is right.`,
    );
}

function typed(facts: RunbookFacts): readonly Block[] {
  const { folder, plan, target, policy } = facts;
  const total = allTiersTime(facts);
  const wait = policy === null ? '' : ` It waits ${policy.waitAtMost} at most, then it ends as \`expired\`.`;
  return [
    text('**1. Start it.** It reads, and stops at its first gate.'),
    shell(
      `one-roof release ${folder} --target ${target}${scopeOption(plan)} --requester YOUR-NAME --until gate`,
    ),
    text(
      facts.gates.length === 0
        ? 'It prints its id. No gate holds it: it goes on by itself.'
        : `It prints its id, then what it waits for. Exit code 3.${wait}`,
    ),
    text('**2. Approve.** Each approver reads `one-roof review ID` first.'),
    ...(facts.gates.length === 0 ? [text('Nobody is asked.')] : approvalCommands(facts)),
    text('**3. See that the hard gate opens.**'),
    shell('one-roof status ID'),
    text(
      facts.gates.some(({ hard }) => hard !== undefined)
        ? 'When nothing is waited for any more, it goes on by itself. One-Roof opens no hard gate.'
        : 'There is none. When everybody has approved, it goes on by itself.',
    ),
    text('**4. Follow it to its end.**'),
    shell('one-roof watch ID'),
    text(
      `It must end with \`released\`, exit code 0.${total === null ? '' : ` In rehearsal its tiers took ${total} together.`}`,
    ),
    text('**5. Keep the report.**'),
    shell('one-roof report ID --output ID.md'),
    text('It prints `written to` and the file.'),
  ];
}
