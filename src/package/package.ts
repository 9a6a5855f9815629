import { ReleaseError } from '../core/rules/release-error';
import { modeOf } from '../core/rules/tier-mode';
import type { TierMode } from '../core/rules/tier-mode';
import type { Descriptor } from '../core/schema/descriptor';
import type { PackageRef, PlannedFile, PlannedTier } from '../core/schema/plan';
import { auditOf } from './audit';
import { branchesOf } from './check-branches';
import type { CheckBranch } from './check-branches';
import type { Finding } from './finding';
import { DESCRIPTOR_FILE, parseDescriptor } from './descriptor';
import { readFolder } from './folder';
import type { Folder, PackageFiles } from './folder';
import { MANIFEST_FILE, digestOf, manifestOf, parseManifest } from './manifest';
import type { Manifest } from './manifest';
import { rollbackSection } from './sections';
import { sha256Of } from './sha256';
import { cutReads, cutStatements } from './statements';
import type { SqlText, Statement } from './statements';

/** A release package in memory. All that is executed later is cut from these bytes. */
export interface ReleasePackage {
  readonly ref: PackageRef;
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly files: PackageFiles;
}

/** Reads a folder and loads it; a link in it is refused like a changed file. */
export async function openPackage(root: string): Promise<ReleasePackage> {
  return load(await readFolder(root), root);
}

/**
 * Takes files for a package only if they are exactly what their manifest says.
 * @throws ReleaseError MANIFEST_MISMATCH naming each file, PACKAGE_MISSING, DESCRIPTOR_INVALID
 */
export function loadPackage(files: PackageFiles): ReleasePackage {
  return load({ files, oddities: [] });
}

/** The package that the files would be with a fresh manifest: to check it while it is being written, never to release it. */
export function draftPackage(files: PackageFiles, root?: string): ReleasePackage {
  if (!files.has(DESCRIPTOR_FILE)) throw noDescriptor(root);
  return assemble(files, parseManifest(manifestOf(files)));
}

/** A file of the package with the SHA-256 that the manifest gives for it. */
export function plannedFile(pkg: ReleasePackage, path: string): PlannedFile {
  const sha256 = pkg.manifest.sha256.get(path);
  if (sha256 === undefined) throw mismatch(pkg.ref.name, [`${path} is not in the manifest`]);
  return { path, sha256 };
}

/**
 * Invariant 1: hands out a file only after hashing what is in memory, against the plan and against the manifest.
 * @throws ReleaseError MANIFEST_MISMATCH
 */
export function bytesOf(pkg: ReleasePackage, file: PlannedFile): Buffer {
  const bytes = pkg.files.get(file.path);
  if (bytes === undefined) throw mismatch(pkg.ref.name, [`${file.path} is not in the package`]);
  const found = sha256Of(bytes);
  if (found !== file.sha256 || found !== pkg.manifest.sha256.get(file.path)) {
    throw mismatch(pkg.ref.name, [`${file.path} has SHA-256 ${found}, the plan says ${file.sha256}`]);
  }
  return bytes;
}

/** The statements of a tier's file. */
export async function statementsOf(
  pkg: ReleasePackage,
  file: PlannedFile,
  mode: TierMode = 'transaction',
): Promise<readonly Statement[]> {
  return cutStatements(sqlOf(pkg, file), mode);
}

/** The statements of a file that only reads: preflight, verification, contract, probe, revalidation. */
export async function readStatementsOf(
  pkg: ReleasePackage,
  file: PlannedFile,
): Promise<readonly Statement[]> {
  return cutReads(sqlOf(pkg, file));
}

/** The checks of a file, each by itself as far as they can be cut apart. */
export async function checkBranchesOf(
  pkg: ReleasePackage,
  file: PlannedFile,
): Promise<readonly CheckBranch[]> {
  const statements = await readStatementsOf(pkg, file);
  return (await Promise.all(statements.map(branchesOf))).flat();
}

/** The statements that roll a tier back: those of its section. An irreversible tier has none to ask for. */
export async function rollbackStatementsOf(
  pkg: ReleasePackage,
  tier: PlannedTier,
): Promise<readonly Statement[]> {
  const file = tier.rollback;
  if (file === null)
    throw new ReleaseError('INTERNAL', `tier ${tier.id} is irreversible: ${tier.irreversible ?? ''}`);
  const sharedWith = pkg.descriptor.tiers
    .filter((other) => other.rollback === file.path && other.id !== tier.id)
    .map((other) => other.id);
  return cutStatements(rollbackSection(sqlOf(pkg, file), tier.id, sharedWith), modeOf(tier.rules));
}

function sqlOf(pkg: ReleasePackage, file: PlannedFile): SqlText {
  return { path: file.path, bytes: bytesOf(pkg, file) };
}

/** `root`: where the folder lies, if it lies anywhere. */
function load(folder: Folder, root?: string): ReleasePackage {
  if (!folder.files.has(DESCRIPTOR_FILE)) throw noDescriptor(root);
  const { ok, findings } = auditOf(folder);
  if (!ok) throw mismatch('the package', findings.map(inWords));
  return assemble(folder.files, parseManifest(folder.files.get(MANIFEST_FILE)?.toString('utf8') ?? ''));
}

function assemble(files: PackageFiles, manifest: Manifest): ReleasePackage {
  const text = files.get(DESCRIPTOR_FILE);
  if (text === undefined) throw noDescriptor();
  const descriptor = parseDescriptor(text);
  const { name, version } = descriptor;
  return { ref: { name, version, digest: digestOf(manifest.text) }, descriptor, manifest, files };
}

function inWords({ path, message }: Finding): string {
  return `${path} ${message}`;
}

function noDescriptor(root?: string): ReleaseError {
  const where = root === undefined ? 'there is' : `${root} holds`;
  return new ReleaseError('PACKAGE_MISSING', `${where} no ${DESCRIPTOR_FILE}`);
}

function mismatch(what: string, problems: readonly string[]): ReleaseError {
  return new ReleaseError('MANIFEST_MISMATCH', `${what}: ${problems.join('; ')}`, { details: { problems } });
}
