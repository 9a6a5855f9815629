import type { GoldenOutcome, GoldenRecord } from '../../core/schema/golden';
import type { RegisteredGolden } from '../../postgres/golden/registry';
import { bytes, count, moment, shortDigest } from '../../evidence/amounts';
import { facts, table } from './table';

/** How an act on a golden ended: the verdict, each difference, what is recorded. */
export function goldenText(outcome: GoldenOutcome): string {
  const { name, host, record, error } = outcome;
  const parts = [
    `golden ${name} on ${host}: ${outcome.outcome}`,
    error === undefined ? '' : `${error.code}: ${error.message}\n  → ${error.hint}`,
    differenceLines(outcome).join('\n'),
    record === null ? '' : recordText(record),
    outcome.databasesLeft.length === 0 ? '' : `left behind: ${outcome.databasesLeft.join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function differenceLines({ comparison, metrics, problems }: GoldenOutcome): readonly string[] {
  const more = comparison === null || comparison.more === 0 ? [] : [`  … and ${comparison.more} more`];
  return [
    ...(comparison?.differences ?? []).map((line) => `  ${line}`),
    ...more,
    ...metrics.map(
      ({ metric, recorded, found }) => `  metric ${metric}: ${String(recorded)} → ${String(found)}`,
    ),
    ...problems.map((line) => `  ${line}`),
  ];
}

function recordText({
  package: pkg,
  scope,
  source,
  snapshot,
  fingerprint,
  masked,
  rehearsal,
}: GoldenRecord): string {
  return facts([
    ['finalized with', `${pkg.name} ${pkg.version}, scope ${scope}, by ${rehearsal}`],
    ['clone of', source],
    [
      'snapshot',
      `${snapshot.digest}, ${count(snapshot.files)} files, ${bytes(snapshot.bytes)}, taken ${moment(snapshot.takenAt)}`,
    ],
    [
      'fingerprint',
      `schema ${shortDigest(fingerprint.schema)}, rows ${shortDigest(fingerprint.contents)} (${count(fingerprint.tables)} tables, ${count(fingerprint.rows)} rows)`,
    ],
    ['masked', masked.length === 0 ? 'nothing' : masked.map(({ column }) => column).join(', ')],
  ]);
}

/** The goldens of a clone host, with those that were retired. */
export function goldensText(host: string, goldens: readonly RegisteredGolden[]): string {
  if (goldens.length === 0) return `${host} has none`;
  const heads = ['golden', 'package', 'scope', 'snapshot', 'made', 'since'];
  return table(
    heads.map((head) => ({ head })),
    goldens.map(({ name, record, madeAt, changedAt, retiredAt }) => [
      name,
      `${record.package.name} ${record.package.version}`,
      record.scope,
      shortDigest(record.snapshot.digest),
      day(madeAt),
      retiredAt === null ? `in use since ${day(changedAt)}` : `retired ${day(retiredAt)}`,
    ]),
  );
}

function day(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
