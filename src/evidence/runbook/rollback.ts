import { list, shell, steps, text } from '../document';
import type { Block, Document, Section } from '../document';
import { breakGlassRollback } from './break-glass';
import type { RunbookFacts } from './facts';
import { approvalCommands, barred, quorums } from './gates';
import { EXITS, lead, people, stopNow, subject } from './head';
import { rollbackStages } from './stages';
import { tiersBackward } from './tiers';
import { rollbackDecisions, rollbackTroubles } from './troubles';

/** How a finished release of this package is rolled back. */
export function rollbackRunbook(facts: RunbookFacts): Document {
  const { plan, target } = facts;
  return {
    title: `Rollback runbook: ${plan.package.name} ${plan.package.version} on ${target}`,
    lead: lead(facts),
    sections: [
      subject(facts),
      people(facts),
      stopNow(
        facts,
        'Before its gate is open it has changed nothing. Once it rolls back, it goes to its end.',
      ),
      when(facts),
      goOrNoGo(facts),
      { title: 'What you type', blocks: typed(facts) },
      { title: 'What it does, in this order', blocks: rollbackStages(facts) },
      { title: 'The tiers, last first', blocks: tiersBackward(facts) },
      { title: 'Decision points', blocks: [list(rollbackDecisions())] },
      { title: 'When it goes wrong', blocks: rollbackTroubles(facts) },
      ...breakGlassRollback(facts),
      EXITS,
    ],
  };
}

/** Three states, three roads. */
function when({ target }: RunbookFacts): Section {
  return {
    title: 'Which road',
    blocks: [
      list([
        'The release has ended as `released`: this runbook.',
        'It still runs: `one-roof abort ID` rolls back what it has applied. Use the release runbook.',
        `It was terminated: \`one-roof recover ${target} --rollback --requester YOUR-NAME\`. Use the release runbook.`,
        'It was done by psql, or One-Roof cannot be used: break-glass, below.',
      ]),
    ],
  };
}

function goOrNoGo(facts: RunbookFacts): Section {
  const { folder, plan, target } = facts;
  const fixed = plan.tiers.filter(({ rollback }) => rollback === null);
  return {
    title: 'Go or no-go',
    blocks: [
      text('Each of these must be so. If one is not: no-go. Nothing is started, and nothing was changed.'),
      steps([
        ...fixed.map(
          ({ id, irreversible }) =>
            `**No-go as it stands**: ${id} cannot be rolled back: ${irreversible ?? ''}. Where it is in effect, One-Roof refuses the rollback.`,
        ),
        '`one-roof list` shows the release. Its id is the `ID` below. `one-roof status ID` prints `released`.',
        `\`one-roof audit ${folder}\` prints \`digest ${plan.package.digest}\`: the bytes of that release.`,
        `\`one-roof targets check\` prints \`ok\` in the line of ${target}.`,
        `\`one-roof recover ${target}\` prints \`no release is open in ${target}\`.`,
        'No later release stands on its tiers.',
        ...facts.gates.flatMap((gate) => {
          const needed = quorums(gate);
          return needed.length === 0
            ? []
            : [`For gate ${gate.id} these can be reached: ${needed.join('; ')}.`];
        }),
        ...(facts.gates.length === 0 ? [] : [barred(facts)]),
      ]),
    ],
  };
}

function typed(facts: RunbookFacts): readonly Block[] {
  const { folder } = facts;
  return [
    text('**1. Start it.** It says which tiers go, and how many rows of others go with them. Then it asks.'),
    shell('one-roof rollback ID --requester YOUR-NAME --until gate'),
    text(
      `It prints an id of its own: from here on \`ID\` is that one. Where the store has lost the package, add \`--package ${folder}\`. Exit code 3: it waits at its gate.`,
    ),
    text('**2. Approve.** The gates are those of the release.'),
    ...(facts.gates.length === 0 ? [text('Nobody is asked.')] : approvalCommands(facts)),
    text(
      facts.gates.some(({ hard }) => hard !== undefined)
        ? 'Its hard gate must be open too, as for the release. `one-roof status ID` says what it waits for.'
        : 'When everybody has approved, it goes on by itself.',
    ),
    text('**3. Follow it to its end.**'),
    shell('one-roof watch ID'),
    text('It must end with `rolled back`, exit code 0.'),
    text('**4. Keep the report.** It compares the schema with the one from before the release.'),
    shell('one-roof report ID --output ID.md'),
    text('It prints `written to` and the file.'),
  ];
}
