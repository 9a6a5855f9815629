import { ReleaseError } from '../core/rules/release-error';
import type { SqlText } from './statements';

/** A rollback file: `-- one-roof: rollback <tier id>` begins the section of a tier, which ends at the next marker. */
export interface Section {
  readonly tier: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

const MARKER = /^-- one-roof: rollback (\S+)[ \t]*\r?$/;
/** What was meant to be a marker and is none would leave its section with the tier before it. */
const NEARLY_MARKER = /^[ \t]*--[ \t]*one[-_ ]?roof[ \t]*:/i;

/**
 * The sections of a file, in its order; none, where it has no marker.
 * @throws ReleaseError DESCRIPTOR_INVALID for a misspelt marker and for a tier that has two sections
 */
export function sectionsOf(file: SqlText): readonly Section[] {
  const markers = markersOf(file);
  const lines = new Map<string, number>();
  return markers.map(({ tier, line, from }, index) => {
    const first = lines.get(tier);
    if (first !== undefined) {
      throw invalid(`${file.path}:${line}: the rollback of ${tier} stands again; it began in line ${first}`);
    }
    lines.set(tier, line);
    return { tier, line, from, to: markers[index + 1]?.from ?? file.bytes.length };
  });
}

/**
 * The part of a rollback file that belongs to a tier. A file without markers is used whole if no other tier refers to it.
 * @throws ReleaseError DESCRIPTOR_INVALID where there is no such section
 */
export function rollbackSection(file: SqlText, tier: string, sharedWith: readonly string[]): SqlText {
  const sections = sectionsOf(file);
  const section = sections.find((candidate) => candidate.tier === tier);
  if (section !== undefined) return { ...file, from: section.from, to: section.to };
  if (sections.length === 0 && sharedWith.length === 0) return file;
  const why =
    sections.length === 0
      ? `without markers it can serve one tier alone, and ${sharedWith.join(', ')} refer to it as well`
      : `it has sections for ${sections.map((other) => other.tier).join(', ')}`;
  throw invalid(`${file.path} has no section \`-- one-roof: rollback ${tier}\`; ${why}`);
}

function markersOf(file: SqlText) {
  let from = 0;
  return file.bytes
    .toString('latin1')
    .split('\n')
    .flatMap((text, index) => {
      const start = from;
      from += text.length + 1;
      const tier = MARKER.exec(text)?.[1];
      if (tier !== undefined) return [{ tier, line: index + 1, from: start }];
      if (!NEARLY_MARKER.test(text)) return [];
      throw invalid(
        `${file.path}:${index + 1}: a marker must be exactly \`-- one-roof: rollback <tier>\`; found \`${text.trim()}\``,
      );
    });
}

function invalid(message: string): ReleaseError {
  return new ReleaseError('DESCRIPTOR_INVALID', message, {
    hint: 'Give each tier exactly one section in its rollback file, begun by its marker on a line of its own.',
  });
}
