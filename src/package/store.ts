import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { Sha256 } from '../core/schema/name';
import { canonicalJson } from '../core/rules/canonical-json';
import type { PackageFiles } from './folder';
import { loadPackage, openPackage } from './package';
import type { ReleasePackage } from './package';
import { sha256Of } from './sha256';
import { checkSealed, sealDump } from './snapshot';
import type { FoundSnapshot, SealedFolder } from './snapshot';

/** Where packages and documents are kept by digest, for every worker to reach. DESIGN.md §11. */
export interface Store {
  /** Keeps a package and says its digest; keeping it again changes nothing. */
  readonly putPackage: (files: PackageFiles) => Promise<string>;
  /** Throws PACKAGE_NOT_STORED, or MANIFEST_MISMATCH where it is no longer what it was. */
  readonly readPackage: (digest: string) => Promise<ReleasePackage>;
  /** Keeps a value as canonical JSON and says its SHA-256. */
  readonly putDocument: (document: unknown) => Promise<string>;
  /** Throws STORE_FAILED where the document is not there or not what it was. */
  readonly readDocument: (sha256: string) => Promise<unknown>;
  /** A folder of its own for what is too big for memory, such as a dump; its owner alone can look into it. */
  readonly scratch: (name: string) => Promise<string>;
  /** Removes it; if it is gone already, that is as well. */
  readonly removeScratch: (name: string) => Promise<void>;
  /** Makes a snapshot of the `dump` in a scratch folder: from now on its bytes are known by a digest. */
  readonly sealSnapshot: (name: string) => Promise<SealedFolder>;
  /** Reads every byte of a snapshot; what is not as it was is told, not thrown. */
  readonly checkSnapshot: (name: string, digest: string) => Promise<FoundSnapshot>;
}

/** A store in a folder: `packages/<digest>/`, `documents/<sha256>.json`, `dumps/<name>/`. */
export function folderStore(root: string): Store {
  return {
    putPackage: (files) => putPackage(root, files),
    readPackage: (digest) => readPackage(root, digest),
    putDocument: (document) => putDocument(root, document),
    readDocument: (sha256) => readDocument(root, sha256),
    scratch: (name) => scratch(root, name),
    removeScratch: (name) =>
      storing(name, () => rm(scratchPlace(root, name), { recursive: true, force: true })),
    sealSnapshot: (name) => storing(name, () => sealDump(scratchPlace(root, name))),
    checkSnapshot: (name, digest) => storing(name, () => checkSealed(scratchPlace(root, name), digest)),
  };
}

async function putPackage(root: string, files: PackageFiles): Promise<string> {
  const { digest } = loadPackage(files).ref;
  const place = packagePlace(root, digest);
  await storing(`package ${digest}`, async () => {
    if (!(await isThere(place))) await keepWhole(root, place, (draft) => writeFiles(draft, files));
  });
  await readPackage(root, digest);
  return digest;
}

async function readPackage(root: string, digest: string): Promise<ReleasePackage> {
  const place = packagePlace(root, digest);
  if (!(await storing(`package ${digest}`, () => isThere(place))))
    throw new ReleaseError('PACKAGE_NOT_STORED', `${root} has no package ${digest}`);
  const pkg = await storing(`package ${digest}`, () => openPackage(place));
  if (pkg.ref.digest === digest) return pkg;
  throw new ReleaseError('MANIFEST_MISMATCH', `${place} holds package ${pkg.ref.digest}`, {
    hint: `Find out who changed the store; then remove ${place} and run the command again from the package's folder.`,
  });
}

async function putDocument(root: string, document: unknown): Promise<string> {
  const text = canonicalJson(document);
  const sha256 = sha256Of(text);
  await storing(`document ${sha256}`, () =>
    keepWhole(root, documentPlace(root, sha256), (draft) => writeFile(draft, text, { flush: true })),
  );
  return sha256;
}

async function readDocument(root: string, sha256: string): Promise<unknown> {
  const bytes = await storing(`document ${sha256}`, () => readFile(documentPlace(root, sha256)));
  const found = sha256Of(bytes);
  if (found !== sha256)
    throw new ReleaseError('STORE_FAILED', `document ${sha256} in ${root} now has SHA-256 ${found}`);
  return JSON.parse(bytes.toString('utf8'));
}

async function scratch(root: string, name: string): Promise<string> {
  const place = scratchPlace(root, name);
  await storing(name, () => mkdir(place, { recursive: true, mode: 0o700 }));
  return place;
}

const packagePlace = (root: string, digest: string) => join(root, 'packages', verifiedDigest(digest));
const documentPlace = (root: string, sha256: string) =>
  join(root, 'documents', `${verifiedDigest(sha256)}.json`);

function scratchPlace(root: string, name: string): string {
  if (!/^\w[\w.-]{0,126}$/.test(name)) throw new ReleaseError('STORE_FAILED', `${name} cannot name a folder`);
  return join(root, 'dumps', name);
}

/** A digest becomes part of a path, so it is one before it does. */
function verifiedDigest(digest: string): string {
  if (Sha256.safeParse(digest).success) return digest;
  throw new ReleaseError('PACKAGE_NOT_STORED', `${digest} is no SHA-256`);
}

/** Others see all of it or nothing: it is written beside, flushed, and renamed. A twin that was faster has the same bytes. */
async function keepWhole(
  root: string,
  place: string,
  write: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = join(root, 'drafts', randomBytes(8).toString('hex'));
  await mkdir(dirname(draft), { recursive: true });
  await mkdir(dirname(place), { recursive: true });
  try {
    await write(draft);
    await rename(draft, place);
  } catch (error) {
    if (!(await isThere(place))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function writeFiles(draft: string, files: PackageFiles): Promise<void> {
  await mkdir(draft);
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(draft, path)), { recursive: true });
    await writeFile(join(draft, path), bytes, { flush: true });
  }
}

async function isThere(place: string): Promise<boolean> {
  try {
    await access(place);
    return true;
  } catch (error) {
    // Only an absent place is an answer; one that may not be looked at is a failure of the store.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return false;
    throw error;
  }
}

async function storing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ReleaseError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError('STORE_FAILED', `${what}: ${reason}`, { cause });
  }
}
