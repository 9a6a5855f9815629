import { ReleaseError } from '../core/rules/release-error';
import type { CommandContext } from './command';

/** What a person is about to do, and whether it was agreed to beforehand. */
export interface Consequences {
  /** One fact a line: what will be, and what cannot be taken back. */
  readonly lines: readonly string[];
  readonly question: string;
  /** `--yes` was given. */
  readonly agreed: boolean;
}

/**
 * Shows the consequences; asks on a terminal, and wants `--yes` without one.
 * @throws USAGE without either, ABORTED where the person says no
 */
export async function confirm({ terminal }: CommandContext, consequences: Consequences): Promise<void> {
  for (const line of consequences.lines) terminal.note(line);
  if (consequences.agreed) return;
  if (!terminal.canAsk) {
    throw new ReleaseError('USAGE', 'this changes something, and there is no terminal to ask at', {
      hint: 'Read the consequences above, then give `--yes`.',
    });
  }
  const answer = await terminal.ask(`${consequences.question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new ReleaseError('ABORTED', 'you did not agree; nothing was done', {
    hint: 'Run it again when you do.',
  });
}
