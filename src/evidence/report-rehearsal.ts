import type { Metrics } from '../core/schema/name';
import type { RehearsalOutcome, RehearsedTier } from '../core/schema/outcome';
import { code, duration, list, section, table } from './report-blocks';

/** What a rehearsal has shown, in the order in which an approver asks. */
export function rehearsalSections(outcome: RehearsalOutcome): readonly string[] {
  return [
    section('Tiers', tiersTable(outcome.tiers)),
    section('Rollback proof', rollbackProof(outcome)),
    section('Figures of the finalized clone', metricsTable(outcome.figures)),
    section(`Baseline of ${outcome.source}`, baselineTable(outcome.baseline)),
    section('Gates, as the source had them', gatesTable(outcome)),
    section('What was changed', changed(outcome)),
    section('How to go on', howToGoOn(outcome)),
  ];
}

function tiersTable(tiers: readonly RehearsedTier[]): string {
  const rows = tiers.map((tier) => [
    tier.id,
    tier.outcome,
    duration(tier.ms),
    String(tier.statements),
    String(tier.rows),
    String(tier.locks),
    String(tier.walBytes),
    tier.repeat,
  ]);
  const heads = ['tier', 'outcome', 'time', 'statements', 'rows', 'locks', 'WAL bytes', 'run again'];
  const moved = tiers.flatMap(({ id, metrics }) => metricsLine(id, metrics));
  return [table(heads, rows), ...(moved.length === 0 ? [] : ['Metrics after each tier:', list(moved)])].join(
    '\n\n',
  );
}

function metricsLine(id: string, metrics: Metrics): readonly string[] {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${String(value)}`);
  return values.length === 0 ? [] : [`${id}: ${values.join(', ')}`];
}

function rollbackProof({ tiers, reapplied }: RehearsalOutcome): string {
  const rows = tiers.map(({ id, rollback }) => [id, rollback ?? 'not asked']);
  const differences = tiers.flatMap((tier) => tier.differences.map((line) => `${tier.id}: ${line}`));
  const again =
    reapplied === null
      ? 'It was not applied a second time.'
      : `Applied a second time, compared with the first: **${reapplied.verdict}**.`;
  const more = [
    ...differences,
    ...(reapplied?.differences ?? []).map((line) => `second application: ${line}`),
  ];
  const explained = 'Each rollback is compared with the fingerprint (schema and rows) taken before its tier.';
  return [explained, table(['tier', 'after its rollback'], rows), again, list(more)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function baselineTable({ entry, exit }: RehearsalOutcome['baseline']): string {
  const names = [...new Set([...Object.keys(entry), ...Object.keys(exit)])];
  const rows = names.map((name) => {
    const [before, after] = [entry[name] ?? null, exit[name] ?? null].map(String);
    return [name, before ?? '', after ?? '', before === after ? 'the same' : 'moved meanwhile'];
  });
  return table(['metric', 'entry', 'exit', ''], rows);
}

function metricsTable(metrics: Metrics): string {
  return table(
    ['figure', 'value'],
    Object.entries(metrics).map(([name, value]) => [name, String(value)]),
  );
}

function gatesTable({ gates }: RehearsalOutcome): string {
  const rows = gates.map(({ gate, open, value, opens, readAt, unreadable }) => [
    gate,
    open ? 'open' : 'closed',
    unreadable ?? String(value),
    opens,
    readAt,
  ]);
  return table(['gate', 'state', 'read', 'opens at', 'read at'], rows);
}

function changed({ mutations, clonesLeft, source }: RehearsalOutcome): string {
  const left =
    clonesLeft.length === 0 ? 'No clone was left behind.' : `Clones left: ${clonesLeft.join(', ')}.`;
  return list([`Mutations of ${source}, counted by transaction ids: ${mutations.source}.`, left]);
}

function howToGoOn({ outcome, source, package: ref, scope, id }: RehearsalOutcome): string {
  if (outcome === 'rehearsed') {
    const line = `one-roof release FOLDER --target ${source} --requester WHO --scope ${scope}`;
    return `This rehearsal counts for exactly the digest ${code(ref.digest)} and scope ${scope}: ${code(line)}`;
  }
  return `Correct the package, write its manifest, and rehearse the new bytes. What happened in detail: ${code(`one-roof timeline ${id}`)}`;
}
