import { referencesOf } from '../core/rules/plan-references';
import type { FileReference } from '../core/rules/plan-references';
import { DESCRIPTOR_FILE, parseDescriptor } from './descriptor';
import type { PackageFiles } from './folder';
import { MANIFEST_FILE } from './manifest';
import type { Manifest } from './manifest';

/** A file that is executed, or run by hand, and the SHA-256 that the manifest gives for it; null: it is not listed. */
export interface FilePart {
  readonly path: string;
  readonly parts: readonly string[];
  readonly use: FileReference['use'];
  readonly sha256: string | null;
}

/** What is executed against what is listed. */
export interface Parts {
  readonly executed: readonly FilePart[];
  /** Listed files that no part names: they are carried along, and never run. */
  readonly idle: readonly string[];
}

/** Who plays a part in a package, by its descriptor; nobody where that cannot be read: what is wrong inside it is for `package check`. */
export function partsOf(manifest: Manifest, files: PackageFiles): Parts {
  const references = referencesIn(files);
  const paths = [...new Set(references.map(({ path }) => path))];
  const executed = paths.map((path): FilePart => {
    const mine = references.filter((each) => each.path === path);
    const parts = mine.map(({ part }) => part);
    return { path, parts, use: mine[0]?.use ?? 'read', sha256: manifest.sha256.get(path) ?? null };
  });
  const carried = [MANIFEST_FILE, DESCRIPTOR_FILE, ...paths];
  return { executed, idle: [...manifest.sha256.keys()].filter((path) => !carried.includes(path)) };
}

function referencesIn(files: PackageFiles): readonly FileReference[] {
  const text = files.get(DESCRIPTOR_FILE);
  if (text === undefined) return [];
  try {
    return referencesOf(parseDescriptor(text));
  } catch {
    return []; // an audit is of bytes alone
  }
}
