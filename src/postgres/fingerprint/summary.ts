import { createHash } from 'node:crypto';
import type { CatalogObject, Fingerprint, FingerprintSummary } from '../../core/schema/fingerprint';

/** The digests of a fingerprint, and how much it covers. Sequence positions are not part of them. */
export function summarize(fingerprint: Fingerprint): Omit<FingerprintSummary, 'ref'> {
  const contents = Object.entries(fingerprint.contents);
  return {
    schema: root(fingerprint.objects.map(digestOf)),
    contents: root(
      contents.map(([table, { rows, digest }]) => sha256(JSON.stringify([table, rows, digest]))),
    ),
    tables: contents.length,
    rows: contents.reduce((sum, [, { rows }]) => sum + rows, 0),
  };
}

/** The digest of one object: a leaf under the schema digest. */
export function digestOf({ kind, name, definition }: CatalogObject): string {
  return sha256(JSON.stringify([kind, name, definition]));
}

/** The digest of the sorted leaves, a line each: the order in which they were read does not matter. */
function root(leaves: readonly string[]): string {
  return sha256([...leaves].sort().join('\n'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
