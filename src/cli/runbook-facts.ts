import { resolve } from 'node:path';
import { breakGlassFile } from '../core/rules/break-glass';
import type { BreakGlassFile } from '../core/rules/break-glass';
import { effectiveGates } from '../core/rules/effective-gate';
import type { ReleasePlan } from '../core/schema/plan';
import { Policy, Roles } from '../core/schema/target';
import type { Target } from '../core/schema/target';
import type { RunbookFacts } from '../evidence/runbook/facts';
import { bytesOf, openPackage, plannedFile } from '../package/package';
import type { ReleasePackage } from '../package/package';
import { planOf } from '../package/plan';
import { sha256Of } from '../package/sha256';
import type { CommandContext } from './command';
import { lastRehearsal } from './kept-rehearsal';
import { findTargetsFile, readTargets, verifyKinds } from './targets-file';

/** For which package and target a runbook is wanted. */
export interface RunbookWish {
  readonly folder: string;
  readonly scope: string;
  /** Left out: the source of the rehearsal. */
  readonly target: string | undefined;
}

/** What a runbook is made from. Nothing is connected to: package, evidence and targets.yaml are read. */
export async function runbookFacts(context: CommandContext, wish: RunbookWish): Promise<RunbookFacts> {
  const asked = wish.target === undefined ? undefined : askedTarget(context, wish.target);
  const pkg = await openPackage(resolve(context.folder, wish.folder));
  const plan = await planOf(pkg, wish.scope);
  const sought = { package: pkg.ref, scope: wish.scope };
  const name = wish.target ?? (await lastRehearsal(context, sought)).rehearsal?.outcome.source;
  const target = asked ?? (name === undefined ? undefined : knownTarget(context, name));
  const nonce = target?.registration;
  const registration = nonce === undefined ? undefined : sha256Of(nonce);
  const found = await lastRehearsal(context, { ...sought, source: name, registration });
  const policy = target === undefined ? null : (target.policy ?? Policy.parse({}));
  const { connection, roles } = target ?? { connection: null, roles: Roles.parse({}) };
  return {
    folder: wish.folder,
    plan,
    target: name ?? 'TARGET',
    gates: effectiveGates(plan, policy?.gates ?? []),
    policy,
    executor: roles.executor,
    service: connection !== null && 'service' in connection ? connection.service : null,
    registration: registration ?? found.rehearsal?.outcome.sourceIdentity?.registration ?? null,
    contacts: pkg.descriptor.contacts,
    files: [...pkg.manifest.sha256.keys()],
    breakGlass: breakGlassOf(pkg, plan),
    ...found,
    now: Date.now(),
  };
}

/** @throws TARGET_UNKNOWN, CONFIG_INVALID where it is no database; where no targets.yaml is here, its name is taken as it is */
function askedTarget(context: CommandContext, name: string): Target | undefined {
  if (findTargetsFile(context) === undefined) return undefined;
  const known = readTargets(context);
  verifyKinds(known, [{ by: '--target', name, kind: 'database' }]);
  return known.targets[name];
}

/** What the rehearsal's source is here, if it is anything here. */
function knownTarget(context: CommandContext, name: string): Target | undefined {
  return findTargetsFile(context) === undefined ? undefined : readTargets(context).targets[name];
}

function breakGlassOf(pkg: ReleasePackage, plan: ReleasePlan): readonly BreakGlassFile[] {
  const inScope = new Set(plan.tiers.map(({ id }) => id));
  const tiers = pkg.descriptor.tiers.map(({ id, apply }) => ({
    id,
    sha256: plannedFile(pkg, apply).sha256,
    isInScope: inScope.has(id),
  }));
  return pkg.descriptor.breakGlass.map((path) =>
    breakGlassFile(path, bytesOf(pkg, plannedFile(pkg, path)).toString('utf8'), tiers),
  );
}
