import { RollbackVerdict } from '../../core/schema/fingerprint';
import type { StepProof } from '../../core/schema/proof';
import type { Terminal } from '../terminal';
import { table } from './table';

/** A line a step, and below it what differs. */
export function proofText(steps: readonly StepProof[], { colours }: Pick<Terminal, 'colours'>): string {
  const proven = steps.filter(({ verdict }) => verdict === 'identical').length;
  const details = steps.flatMap(({ id, differences, more }) => [
    ...(differences.length === 0 ? [] : ['', colours.bold(id)]),
    ...differences.map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ]);
  const rows = steps.map(({ id, verdict }) => [id, verdict]);
  return [
    table([{ head: 'step' }, { head: 'its rollback' }], rows),
    ...details,
    '',
    `${proven} of ${steps.length} steps are rolled back to exactly what was there`,
    ...countsOf(steps),
  ].join('\n');
}

/** The other verdicts, with how many steps have them: `4 different, 1 does not run`. */
function countsOf(steps: readonly StepProof[]): readonly string[] {
  const counts = RollbackVerdict.options
    .filter((verdict) => verdict !== 'identical')
    .map((verdict) => [steps.filter((step) => step.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`);
  return counts.length === 0 ? [] : [counts.join(', ')];
}
