import type { RehearsalOutcome } from '../../core/schema/outcome';
import { count } from '../amounts';
import { sectionOf, table, text } from '../document';
import type { Section } from '../document';
import { quoted } from '../words';

/** Columns of the clone whose values are not those of the source; nothing where none were masked. */
export function maskedSection({ masked = [] }: RehearsalOutcome): readonly Section[] {
  if (masked.length === 0) return [];
  const rows = masked.map(({ column, rows: changed }) => [quoted(column), count(changed)]);
  return sectionOf('Masked in the clone', [
    text('Before anybody could read the clone, the values of these columns were replaced.'),
    table(['column', 'rows changed'], rows),
  ]);
}
