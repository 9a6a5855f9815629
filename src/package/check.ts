import { doubtsOf } from '../core/rules/plan-consistency';
import { referencesOf } from '../core/rules/plan-references';
import type { FailureCode } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import type { TierRule } from '../core/schema/descriptor';
import type { PackageRef } from '../core/schema/plan';
import { readFolder } from './folder';
import type { PackageFiles } from './folder';
import { MANIFEST_FILE, manifestOf } from './manifest';
import { draftPackage, rollbackStatementsOf } from './package';
import type { ReleasePackage } from './package';
import { calendarOf, plannedRead, plannedTier, scopeNames, verifyHardGate, verifyReferences } from './plan';
import { sectionsOf } from './sections';

/** What `one-roof package check` says of a folder. The digest is that of the files as they are, whatever the manifest says. */
export interface PackageCheck {
  readonly ok: boolean;
  readonly package: PackageRef | null;
  readonly scopes: readonly string[];
  readonly tiers: readonly CheckedTier[];
  readonly problems: readonly CheckProblem[];
  readonly warnings: readonly string[];
}

/** How many statements apply a tier and roll it back; null: irreversible. */
export interface CheckedTier {
  readonly id: string;
  readonly statements: number;
  readonly rollback: number | null;
}

export interface CheckProblem {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: string;
}

/** Reads the descriptor and parses all that would be executed; it lists everything that is wrong rather than the first thing. */
export async function checkPackage(root: string): Promise<PackageCheck> {
  const { files } = await readFolder(root);
  return checkFiles(files, root);
}

/** The same on files in memory; `root`: the folder that they are from. */
export async function checkFiles(files: PackageFiles, root?: string): Promise<PackageCheck> {
  const problems: CheckProblem[] = [];
  const pkg = await noting(problems, () => {
    const draft = draftPackage(files, root);
    verifyReferences(draft);
    return draft;
  });
  if (pkg === undefined) return { ...NOTHING, problems };
  const tiers: CheckedTier[] = [];
  for (const rules of pkg.descriptor.tiers) {
    const tier = await noting(problems, () => checkedTier(pkg, rules));
    if (tier !== undefined) tiers.push(tier);
  }
  for (const path of readsOf(pkg)) await noting(problems, () => plannedRead(pkg, path));
  for (const gate of pkg.descriptor.gates) await noting(problems, () => verifyHardGate(gate));
  await noting(problems, () => calendarOf(pkg.descriptor));
  const ok = problems.length === 0;
  const warnings = [...doubtsOf(pkg.descriptor), ...(ok ? fileDoubts(pkg, tiers) : [])];
  return { ok, package: pkg.ref, scopes: scopeNames(pkg.descriptor), tiers, problems, warnings };
}

const NOTHING = { ok: false, package: null, scopes: [], tiers: [], warnings: [] } as const;

/** Does a piece of work; a ReleaseError of it is noted, anything else is ours and goes on. */
async function noting<T>(problems: CheckProblem[], work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    const { code, message, hint } = error;
    problems.push({ code, message, hint });
    return undefined;
  }
}

async function checkedTier(pkg: ReleasePackage, rules: TierRule): Promise<CheckedTier> {
  const tier = await plannedTier(pkg, rules);
  const rollback = tier.rollback === null ? null : (await rollbackStatementsOf(pkg, tier)).length;
  return { id: tier.id, statements: tier.statements, rollback };
}

function readsOf({ descriptor }: ReleasePackage): readonly string[] {
  return pathsFor(descriptor, 'read');
}

function pathsFor(descriptor: ReleasePackage['descriptor'], use: 'read' | 'rollback'): readonly string[] {
  const paths = referencesOf(descriptor).filter((reference) => reference.use === use);
  return [...new Set(paths.map(({ path }) => path))];
}

function fileDoubts(pkg: ReleasePackage, tiers: readonly CheckedTier[]): readonly string[] {
  const empty = tiers
    .filter((tier) => tier.statements === 0)
    .map(({ id }) => `tier ${id} holds no statement`);
  const idle = tiers
    .filter((tier) => tier.rollback === 0 && tier.statements > 0)
    .map(({ id }) => `the rollback of tier ${id} holds no statement`);
  const sections = pathsFor(pkg.descriptor, 'rollback').flatMap((path) => sectionDoubts(pkg, path));
  return [...empty, ...idle, ...sections, ...manifestDoubts(pkg)];
}

/** Text of a rollback file that nobody would ever run. */
function sectionDoubts({ descriptor, files }: ReleasePackage, path: string): readonly string[] {
  const bytes = files.get(path) ?? Buffer.alloc(0);
  const sections = sectionsOf({ path, bytes });
  const known = new Set(descriptor.tiers.filter((tier) => tier.rollback === path).map((tier) => tier.id));
  const unknown = sections
    .filter(({ tier }) => !known.has(tier))
    .map(({ tier, line }) => `${path}:${line}: no tier ${tier} uses this section; it is never run`);
  const head = bytes.toString('utf8', 0, sections[0]?.from ?? 0).split('\n');
  const stray = head.findIndex((text) => !/^\s*(--.*)?$/.test(text));
  return stray === -1
    ? unknown
    : [`${path}:${stray + 1}: stands before the first section and is never run`, ...unknown];
}

function manifestDoubts({ files }: ReleasePackage): readonly string[] {
  const text = files.get(MANIFEST_FILE)?.toString('utf8');
  if (text === undefined)
    return [`there is no ${MANIFEST_FILE} yet: \`one-roof package manifest\` writes it`];
  const isFresh =
    text.replaceAll(' *', '  ').split('\n').sort().join() === manifestOf(files).split('\n').sort().join();
  return isFresh
    ? []
    : [`${MANIFEST_FILE} is not that of these files: \`one-roof audit\` names the differences`];
}
