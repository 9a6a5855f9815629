import { resolve } from 'node:path';
import { z } from 'zod';
import { effectiveGates } from '../../core/rules/effective-gate';
import type { EffectiveGate } from '../../core/rules/effective-gate';
import type { ReleasePlan } from '../../core/schema/plan';
import { openPackage } from '../../package/package';
import { planOf } from '../../package/plan';
import { command } from '../command';
import { Folder, Name } from '../input';
import { table } from '../print/table';
import { readTargets, targetOf, verifyKinds } from '../targets-file';

/** What would run on a target; nothing is connected to. */
export const plan = command({
  name: 'plan',
  summary: 'what would run on a target: tiers, gates of package AND target, metrics; connects to nothing',
  arguments: [['<folder>', "the package's folder"]],
  options: [
    ['--target <target>', '!the database'],
    ['--scope <scope>', 'a scope of the package; `full` when it is left out'],
  ],
  examples: [['plan sql/one-roof-governance --target production', 'read it before you rehearse']],
  exits: { 0: 'told', 4: 'the package is not what its manifest says' },
  input: z.object({ folder: Folder, target: Name, scope: Name.default('full') }),
  run: async (context, { folder, target, scope }) => {
    const known = readTargets(context);
    verifyKinds(known, [{ by: '--target', name: target, kind: 'database' }]);
    const { policy } = targetOf(known, target);
    const planned = await planOf(await openPackage(resolve(context.folder, folder)), scope);
    const gates = effectiveGates(planned, policy?.gates ?? []);
    const document = { kind: 'plan', target, ...planned, gates };
    return { document, text: planText(planned, gates, target), exit: 0 };
  },
});

function planText(planned: ReleasePlan, gates: readonly EffectiveGate[], target: string): string {
  const { package: ref, scope, database } = planned;
  return [
    `${ref.name} ${ref.version} → ${target} (database ${database.name}, PostgreSQL ${database.postgres}), scope ${scope}`,
    `digest ${ref.digest}`,
    '',
    tiersText(planned),
    '',
    gatesText(gates),
    '',
    metricsText(planned),
    '',
    `if a tier fails: ${planned.onFailure === 'rollback' ? 'everything is rolled back' : 'it holds for a decision'}`,
  ].join('\n');
}

function tiersText({ tiers }: ReleasePlan): string {
  const rows = tiers.map(({ id, apply, statements, rollback, irreversible, rules }) => [
    id,
    String(statements),
    apply.path,
    rollback?.path ?? `irreversible: ${irreversible ?? ''}`,
    rules.lockTimeout,
  ]);
  const heads = ['tier', 'statements', 'applied by', 'rolled back by', 'lock timeout'];
  return table(
    heads.map((head) => ({ head })),
    rows,
  );
}

function gatesText(gates: readonly EffectiveGate[]): string {
  if (gates.length === 0) return 'no gate: it does not wait for anybody';
  const rows = gates.map(({ id, source, before, approvals, hard }) => [
    id,
    source,
    before,
    Object.entries(approvals)
      .map(([group, { need, of }]) => `${group} ${need} of ${of.join(', ')}`)
      .join('; '),
    hard === undefined ? 'none' : `${hard.sql.replaceAll(/\s+/g, ' ')} opens at ${hard.opens}`,
  ]);
  return table(
    ['gate', 'of', 'before', 'approvals', 'hard gate'].map((head) => ({ head })),
    rows,
  );
}

function metricsText({ metrics }: ReleasePlan): string {
  const rows = Object.entries(metrics).map(([metric, { entry, exit, drift, meaning }]) => [
    metric,
    entry === undefined ? '' : String(entry),
    exit === undefined
      ? typeof drift === 'object'
        ? String(drift.expected)
        : (drift ?? 'forbidden')
      : String(exit),
    meaning ?? '',
  ]);
  if (rows.length === 0) return 'no metric is declared';
  return table(
    ['metric', 'at entry', 'at exit', 'meaning'].map((head) => ({ head })),
    rows,
  );
}
