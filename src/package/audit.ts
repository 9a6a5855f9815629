import { PackagePath } from '../core/schema/name';
import { DESCRIPTOR_FILE } from './descriptor';
import type { Finding } from './finding';
import { readFolder } from './folder';
import type { Folder, PackageFiles } from './folder';
import { MANIFEST_FILE, digestOf, parseManifest } from './manifest';
import type { Manifest } from './manifest';
import { partsOf } from './parts';
import type { FilePart, Parts } from './parts';
import { sha256Of } from './sha256';

/** What an audit saw: bytes only, no SQL is read. */
export interface Audit extends Parts {
  readonly ok: boolean;
  readonly digest: string | null;
  readonly files: number;
  readonly findings: readonly Finding[];
}

/** Audits a folder: are its files exactly those that its manifest names, with those bytes? */
export async function auditFolder(root: string): Promise<Audit> {
  return auditOf(await readFolder(root));
}

/** The same on bytes in memory. */
export function auditOf(folder: Folder): Audit {
  const bytes = folder.files.get(MANIFEST_FILE);
  const manifest = parseManifest(bytes?.toString('utf8') ?? '');
  const parts = partsOf(manifest, folder.files);
  const findings = [
    ...folder.oddities,
    ...(bytes === undefined ? [NO_MANIFEST] : []),
    ...lineFindings(manifest),
    ...differences(manifest, folder, parts),
    ...unsafePaths(pathsOf(manifest, folder.files)),
    ...twins(pathsOf(manifest, folder.files)),
    ...absentParts(parts, folder.files),
  ];
  return {
    ok: findings.length === 0,
    digest: bytes === undefined ? null : digestOf(bytes),
    files: folder.files.size,
    findings,
    ...parts,
  };
}

const NO_MANIFEST: Finding = {
  path: MANIFEST_FILE,
  kind: 'missing',
  message: 'there is no manifest; `one-roof package manifest` writes it',
};

function lineFindings(manifest: Manifest): Finding[] {
  return manifest.problems.map(({ line, path, kind }) => ({
    path,
    kind,
    message:
      kind === 'duplicate line' ? `stands again in line ${line}` : `line ${line} is no \`sha256  path\``,
  }));
}

function differences(manifest: Manifest, folder: Folder, { executed }: Parts): Finding[] {
  const odd = new Set(folder.oddities.map(({ path }) => path));
  const listed = [...manifest.sha256].flatMap(([path, sha256]): Finding[] => {
    const bytes = folder.files.get(path);
    if (bytes === undefined) return odd.has(path) ? [] : [{ path, kind: 'missing', message: IS_MISSING }];
    const found = sha256Of(bytes);
    if (found === sha256) return [];
    return [{ path, kind: 'changed', message: `has SHA-256 ${found}, the manifest says ${sha256}` }];
  });
  const unlisted = [...folder.files.keys()]
    .filter((path) => path !== MANIFEST_FILE && !manifest.sha256.has(path))
    .map((path): Finding => ({ path, kind: 'unlisted', message: unlistedWords(path, executed) }));
  return [...listed, ...unlisted];
}

function unlistedWords(path: string, executed: readonly FilePart[]): string {
  const parts = executed.filter((each) => each.path === path).flatMap((each) => each.parts);
  return ['is not in the manifest', ...parts].join(', and ');
}

const IS_MISSING = 'is in the manifest, but not in the folder';

function pathsOf(manifest: Manifest, files: PackageFiles): readonly string[] {
  return [...new Set([...manifest.sha256.keys(), ...files.keys()])];
}

/** Names that mean another place elsewhere, or another name to whoever reads them: `..`, backslashes, invisible characters, no UTF-8. */
function unsafePaths(paths: readonly string[]): Finding[] {
  return paths
    .filter(
      (path) =>
        !PackagePath.safeParse(path).success || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]|[. ](\/|$)/u.test(path),
    )
    .map((path) => ({
      path,
      kind: 'unsafe path',
      message:
        'a path must be relative and plain: no `..`, no backslash, no control or invisible character, no dot or space at the end of a name, UTF-8',
    }));
}

/** Names that are one name on another file system: macOS and Windows fold case, macOS normalises Unicode. */
function twins(paths: readonly string[]): Finding[] {
  const firstOf = new Map<string, string>();
  return paths.flatMap((path): Finding[] => {
    const folded = path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC'); // ß and ss, σ and ς are one
    const first = firstOf.get(folded);
    if (first === undefined) {
      firstOf.set(folded, path);
      return [];
    }
    const kind = first.normalize('NFC') === path.normalize('NFC') ? 'unicode twin' : 'case twin';
    return [{ path, kind, message: `and ${first} are one name on other file systems` }];
  });
}

/** Files that the descriptor gives a part to, and that neither manifest nor folder has. */
function absentParts({ executed }: Parts, files: PackageFiles): Finding[] {
  return executed
    .filter(({ path, sha256 }) => sha256 === null && !files.has(path))
    .map(({ path, parts }) => ({
      path,
      kind: 'missing',
      message: `${parts[0] ?? 'has a part'} in ${DESCRIPTOR_FILE}, but neither in the manifest nor in the folder`,
    }));
}
