import type { Temporal } from '../client/connection';
import { readGoldenOutcome, startGolden, watchGolden } from '../client/golden';
import type { GoldenOrder, GoldenOutcome } from '../core/schema/golden';
import type { StageRecord } from '../core/schema/outcome';
import type { CommandContext, CommandResult } from './command';
import { EXIT_CODES, exitOfFailure } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { duration } from '../evidence/amounts';
import { goldenText } from './print/golden-text';
import { STAGE_MARKS } from './print/marks';
import { silenceLine } from './progress/plain-lines';

/** Starts an act on a golden and tells its stages until it has ended; Ctrl-C detaches and stops nothing. */
export async function actOnGolden(
  context: CommandContext,
  temporal: Temporal,
  order: GoldenOrder,
): Promise<CommandResult> {
  const { terminal } = context;
  const id = await startGolden(temporal, order);
  terminal.note(`${id} has begun`);
  const interruption = context.interruption();
  const said = new Set<string>();
  for await (const { stages, silent, ended } of watchGolden(temporal, id, interruption)) {
    const lines = [...stages.filter(({ ms }) => ms !== undefined).map(stageLine)];
    for (const line of [...lines, ...(silent === undefined ? [] : [silenceLine(silent)])]) {
      if (!said.has(line)) terminal.note(line);
      said.add(line);
    }
    if (ended) return ofOutcome(await readGoldenOutcome(temporal, id));
  }
  return {
    document: { kind: 'started', workflow: 'golden', id },
    text: `${id} goes on; \`one-roof golden list\` shows the golden, the Temporal UI what is done`,
    exit: EXIT_CODES.done,
  };
}

function stageLine({ stage, state, ms, note }: StageRecord): string {
  return `${STAGE_MARKS[state]} ${stage}: ${state} in ${duration(ms ?? 0)}${note === undefined ? '' : `, ${note}`}`;
}

function ofOutcome(outcome: GoldenOutcome): CommandResult {
  return { document: outcome, text: goldenText(outcome), exit: exitOf(outcome) };
}

function exitOf({ outcome, error }: GoldenOutcome): ExitCode {
  if (outcome === 'failed') return error === undefined ? EXIT_CODES.notDone : exitOfFailure(error.code);
  return outcome === 'differs' ? EXIT_CODES.notDone : EXIT_CODES.done;
}
