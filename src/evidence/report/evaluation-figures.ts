import type { CheckMeaning, EvaluationOutcome, MetricMove, ScopeRun } from '../../core/schema/evaluation';
import { list, sectionOf, table, text } from '../document';
import type { Section } from '../document';
import { say, strong, verbatim } from '../words';
import type { Words } from '../words';
import { nameOf } from './run-name';

/** Which metrics move in which scope, and which were proven not to. */
export function figuresSection({ runs }: EvaluationOutcome): readonly Section[] {
  const read = runs.filter(({ metrics }) => metrics.length > 0);
  const metrics = namesOf(read.map((run) => run.metrics.map(({ metric }) => metric)));
  const figures = namesOf(read.map((run) => Object.keys(run.figures)));
  const rows = [
    ...metrics.map((metric) => metricRow(metric, read)),
    ...figures.map((figure) => [
      verbatim(figure),
      '',
      ...read.map((run) => (figure in run.figures ? verbatim(run.figures[figure]) : '')),
    ]),
  ];
  return sectionOf('Which metrics move', [
    table(['metric', 'entry', ...read.map(nameOf)], rows),
    list(read.flatMap(inertLine)),
  ]);
}

function metricRow(metric: string, runs: readonly ScopeRun[]): readonly Words[] {
  const moves = runs.map((run) => run.metrics.find((move) => move.metric === metric));
  const first = moves.find((move) => move !== undefined);
  return [
    verbatim(metric),
    verbatim(first?.entry ?? ''),
    ...moves.map((move) => (move === undefined ? '' : moveWords(move))),
  ];
}

function moveWords({ entry, end, verdict, inert, policy }: MetricMove): Words {
  const way = `${String(entry)} → ${String(end)}`;
  switch (verdict) {
    case 'stays':
      return say`${String(end)}${inert ? ', inert' : ''}`;
    case 'moves as declared':
      return say`${way}, as declared`;
    case 'organic':
      return say`${way}, organic`;
    case 'moves undeclared':
      return strong(`${way}, undeclared`);
    case 'misses its value':
      return strong(`${String(end)}, declared ${policy}`);
  }
}

function inertLine(run: ScopeRun): readonly Words[] {
  const declared = run.metrics.filter((move) => move.inert);
  if (declared.length === 0) return [];
  const moved = declared.filter(({ entry, trail, end }) =>
    [...trail, end].some((value) => String(value) !== String(entry)),
  );
  if (moved.length > 0)
    return [
      say`${strong(nameOf(run))}: declared inert, and moved: ${moved.map(({ metric }) => metric).join(', ')}.`,
    ];
  const names = declared.map(({ metric, entry }) => `${metric} ${String(entry)}`).join(', ');
  return [
    say`${strong(nameOf(run))}: ${declared.length} metrics are declared inert by each of its tiers. Read before, in each tier's transaction and at the end, none moved: ${names}.`,
  ];
}

const WORDS =
  'A check that fails before and holds afterwards **proves** the scope. One that could not be asked before, for it names what the scope makes, **needs** it. One that holds before and after with another figure **follows** it. One that answers the same before and after **says nothing** about it.';

/** Which checks tell anything about a scope. What says nothing anywhere is counted, not listed. */
export function checksSection({ runs }: EvaluationOutcome): readonly Section[] {
  const read = runs.filter(({ checks }) => checks.length > 0);
  if (read.length === 0) return [];
  const files = namesOf(read.map((run) => run.checks.map(({ file }) => file)));
  const counts = files.map((file) => [
    verbatim(file),
    ...read.map((run) => countWords(run.checks.filter((check) => check.file === file))),
  ]);
  const names = namesOf(read.map((run) => run.checks.filter(tells).map(keyOf)));
  const rows = names.map((key) => [
    verbatim(key.split('\n')[1] ?? ''),
    ...read.map((run) => answerWords(run.checks.find((check) => keyOf(check) === key))),
  ]);
  return sectionOf('Which checks mean anything', [
    text(WORDS),
    table(['file', ...read.map(nameOf)], counts),
    table(['check', ...read.map(nameOf)], rows),
  ]);
}

function tells({ meaning }: CheckMeaning): boolean {
  return meaning !== 'says nothing';
}

function keyOf({ file, check }: CheckMeaning): string {
  return `${file}\n${check}`;
}

const COUNTED: readonly (readonly [CheckMeaning['meaning'], string])[] = [
  ['not met', 'not met'],
  ['proves it', 'prove'],
  ['needs it', 'need'],
  ['follows it', 'follow'],
  ['says nothing', 'say nothing'],
];

function countWords(checks: readonly CheckMeaning[]): string {
  return COUNTED.map(
    ([meaning, word]) => [checks.filter((check) => check.meaning === meaning).length, word] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

function answerWords(check: CheckMeaning | undefined): Words {
  if (check === undefined) return '';
  if (check.meaning === 'follows it') return say`follows it: ${check.was} → ${check.is}`;
  return check.meaning === 'not met' ? say`${strong('not met')}: ${check.is}` : check.meaning;
}

function namesOf(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
