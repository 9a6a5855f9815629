import { budgetOf } from '../core/rules/budget';
import { referencesOf } from '../core/rules/plan-references';
import { gatesOfScope, metricsOfScope, tiersOfScope } from '../core/rules/plan-scope';
import type { Scope } from '../core/rules/plan-scope';
import { modeOf } from '../core/rules/tier-mode';
import { ReleaseError } from '../core/rules/release-error';
import type { Descriptor, TierRule } from '../core/schema/descriptor';
import type { GateRule } from '../core/schema/gate-rule';
import { FULL_SCOPE } from '../core/schema/plan';
import type { PlannedFile, PlannedTier, ReleasePlan } from '../core/schema/plan';
import { verifyCalendar } from './calendar';
import { DESCRIPTOR_FILE, descriptorError } from './descriptor';
import { nearestWord } from './nearest-word';
import { plannedFile, readStatementsOf, rollbackStatementsOf, statementsOf } from './package';
import type { ReleasePackage } from './package';
import { cutReads } from './statements';

/**
 * What a package would do in a scope. Everything that it would ever execute is parsed here, rollbacks and checks too, so that
 * nothing is found unreadable when it is needed.
 * @throws ReleaseError SCOPE_UNKNOWN, DESCRIPTOR_INVALID, SQL_REFUSED, MANIFEST_MISMATCH
 */
export async function planOf(pkg: ReleasePackage, scopeName: string): Promise<ReleasePlan> {
  const { descriptor } = pkg;
  const scope = scopeOf(descriptor, scopeName);
  verifyReferences(pkg);
  const reads = await plannedReads(pkg, scope);
  const gates = gatesOfScope(descriptor, scope);
  for (const gate of gates) await verifyHardGate(gate);
  const tiers: PlannedTier[] = [];
  for (const rules of tiersOfScope(descriptor, scope)) tiers.push(await plannedTier(pkg, rules));
  return {
    package: pkg.ref,
    scope: scope.name,
    database: descriptor.database,
    tiers,
    gates: [...gates],
    ...reads,
    metrics: metricsOfScope(descriptor, scope),
    onFailure: descriptor.onFailure,
    volatile: descriptor.volatile,
    author: descriptor.author ?? null,
    lastEditor: descriptor.lastEditor ?? null,
    ...calendarOf(descriptor),
  };
}

/** When the package may be applied, where it says so. @throws DESCRIPTOR_INVALID */
export function calendarOf({ windows, freezes, notBefore }: Descriptor): Pick<ReleasePlan, 'calendar'> {
  const calendar = {
    ...(windows === undefined ? {} : { windows }),
    ...(freezes === undefined ? {} : { freezes }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
  verifyCalendar(calendar, DESCRIPTOR_FILE, 'DESCRIPTOR_INVALID');
  return Object.keys(calendar).length === 0 ? {} : { calendar };
}

/** The names of all scopes, the implicit one first. */
export function scopeNames({ scopes }: Descriptor): readonly string[] {
  return [FULL_SCOPE, ...Object.keys(scopes)];
}

/** Each file that the descriptor names is in the package. */
export function verifyReferences({ descriptor, files }: ReleasePackage): void {
  const missing = referencesOf(descriptor).filter(({ path }) => !files.has(path));
  if (missing.length === 0) return;
  const problems = missing.map(({ path, at, part }) => {
    const meant = nearestWord(path, [...files.keys()]);
    const advice = meant === undefined ? '' : `; did you mean ${meant}?`;
    return { at, message: `${path} ${part}, but is not in the package${advice}` };
  });
  throw descriptorError(files.get(DESCRIPTOR_FILE) ?? Buffer.alloc(0), problems);
}

/** A tier with its files, parsed. */
export async function plannedTier(pkg: ReleasePackage, declared: TierRule): Promise<PlannedTier> {
  const budget = budgetOf(pkg.descriptor.budget, declared.budget);
  const rules = budget === undefined ? declared : { ...declared, budget };
  const mode = modeOf(rules);
  const apply = plannedFile(pkg, rules.apply);
  const statements = (await statementsOf(pkg, apply, mode)).length;
  const rollback = rules.rollback === undefined ? null : plannedFile(pkg, rules.rollback);
  const tier = { id: rules.id, apply, rollback, irreversible: rules.irreversible ?? null, statements, rules };
  if (rollback !== null) await rollbackStatementsOf(pkg, tier);
  return tier;
}

/** A hard gate is one SELECT. */
export async function verifyHardGate({ id, hard }: GateRule): Promise<void> {
  if (hard === undefined) return;
  const path = `${DESCRIPTOR_FILE}, gate ${id}`;
  const { length } = await cutReads({ path, bytes: Buffer.from(hard.sql) });
  if (length !== 1)
    throw new ReleaseError('SQL_REFUSED', `${path}: a hard gate is one SELECT; this holds ${length}`);
}

/** A file of reads that holds at least one. */
export async function plannedRead(pkg: ReleasePackage, path: string): Promise<PlannedFile> {
  const file = plannedFile(pkg, path);
  const statements = await readStatementsOf(pkg, file);
  if (statements.length === 0)
    throw new ReleaseError('SQL_REFUSED', `${path} holds no SELECT: it would check nothing`);
  return file;
}

function scopeOf({ tiers, scopes }: Descriptor, name: string): Scope {
  if (name === FULL_SCOPE) return { name, tiers: tiers.map((tier) => tier.id), exit: {}, revalidate: {} };
  const rule = Object.hasOwn(scopes, name) ? scopes[name] : undefined;
  if (rule !== undefined) return { name, ...rule };
  const known = [FULL_SCOPE, ...Object.keys(scopes)];
  throw new ReleaseError('SCOPE_UNKNOWN', `there is no scope ${name}; the package has ${known.join(', ')}`, {
    details: { scopes: known },
  });
}

async function plannedReads(pkg: ReleasePackage, scope: Scope) {
  const { preflight, verify, readContract, revalidate, baseline } = pkg.descriptor;
  const read = async (path: string | undefined) => (path === undefined ? null : plannedRead(pkg, path));
  return {
    preflight: await read(preflight),
    verify: await read(verify),
    readContract: await read(readContract),
    revalidate:
      revalidate === undefined
        ? null
        : {
            file: await plannedRead(pkg, revalidate.file),
            expect: { ...revalidate.expect, ...scope.revalidate },
          },
    probe: await read(baseline?.probe),
  };
}
