import type { Comparison } from '../../core/schema/fingerprint';
import type { ReleaseOutcome } from '../../core/schema/outcome';
import { list, sectionOf, table, text } from '../document';
import type { Block, Section } from '../document';
import { duration, moment } from '../amounts';
import { quoted, say, strong, verbatim } from '../words';
import type { Words } from '../words';

/** What differs between two fingerprints, explained where it was: definitions side by side, tables by their rows. */
export function explained(comparison: Comparison | null | undefined, of: Words): readonly Block[] {
  const objects = (comparison?.objects ?? []).map(({ kind, name, before, after }): readonly Words[] => [
    say`${kind} ${name}`,
    before === null ? 'not there' : quoted(before),
    after === null ? 'not there' : quoted(after),
  ]);
  const rows = (comparison?.rows ?? []).map(({ table: name, ...found }): readonly Words[] => [
    verbatim(name),
    String(found.before),
    String(found.after),
    atLeast(found.missing, found.exact),
    atLeast(found.added, found.exact),
    found.changed === null ? 'its columns differ' : atLeast(found.changed, found.exact),
  ]);
  return [
    { ...table(['object', 'before', 'after'], objects, of), isOfCards: true },
    table(['table', 'rows before', 'rows after', 'missing', 'added', 'changed'], rows, of),
  ];
}

function atLeast(count: number, exact: boolean): string {
  return exact || count === 0 ? String(count) : `at least ${count}`;
}

/** What the rehearsal had predicted of the schema, what else was found, and what others had moved in between. */
export function deltaSection({ delta, startedAt, unread = [] }: ReleaseOutcome): readonly Section[] {
  const notRead =
    unread.length === 0 ? null : text(say`Rows that could not be read in time: ${unread.join(', ')}.`);
  if (delta === undefined) return sectionOf('Expected and found', [notRead]);
  const { predicted, explained: found, unexplained, more, rehearsedAt } = delta;
  const age = duration(Math.max(0, Date.parse(startedAt) - Date.parse(rehearsedAt)));
  const rest = unexplained.length + more;
  return sectionOf('Expected and found', [
    text(
      say`The rehearsal of ${moment(rehearsedAt)}, ${age} before this began, changed ${predicted} objects of the schema; ${found} of them are here as it predicted. Unexplained: ${strong(rest === 0 ? 'nothing' : String(rest))}.`,
    ),
    list([...unexplained.map(verbatim), ...(more === 0 ? [] : [`… and ${more} more`])]),
    ...moved('Partitions that came or went meanwhile:', delta.partitions ?? []),
    ...moved(
      'These event triggers fire here and were cut from the clone; they may be the reason:',
      delta.cut ?? [],
    ),
    ...moved('Changed by others between the rehearsal and the first tier:', delta.sourceChangedSince),
    ...moved('Metrics that moved between the rehearsal and the first tier:', delta.metricsMovedSince),
    notRead,
  ]);
}

function moved(what: string, lines: readonly string[]): readonly Block[] {
  return lines.length === 0 ? [] : [text(what), list(lines.map(verbatim))];
}
