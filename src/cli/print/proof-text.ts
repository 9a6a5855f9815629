import { RollbackVerdict } from '../../core/schema/fingerprint';
import type { StepProof } from '../../core/schema/proof';
import type { Terminal } from '../terminal';
import { table } from './table';

/** Schema and rows are what was there, as far as they were compared. */
export function isProvenStep({ verdict, rows = 'identical' }: StepProof): boolean {
  return verdict === 'identical' && rows === 'identical';
}

/** A line a step, and below it what differs. */
export function proofText(steps: readonly StepProof[], { colours }: Pick<Terminal, 'colours'>): string {
  const proven = steps.filter(isProvenStep).length;
  const details = steps.flatMap(({ id, differences, more }) => [
    ...(differences.length === 0 ? [] : ['', colours.bold(id)]),
    ...differences.map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ]);
  const lines = steps.map(({ id, verdict, rows = '' }) => [id, verdict, rows]);
  return [
    table([{ head: 'step' }, { head: 'its rollback' }, { head: 'rows' }], lines),
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
  const rows = steps.filter((step) => step.verdict === 'identical' && !isProvenStep(step)).length;
  const all = rows === 0 ? counts : [...counts, `${rows} identical but for rows`];
  return all.length === 0 ? [] : [all.join(', ')];
}
