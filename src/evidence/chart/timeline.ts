import { duration, moment } from '../amounts';
import { visible } from '../words';
import { brokenScale } from './broken-scale';
import type { Scale, Span } from './broken-scale';
import { element, escapeXml, shortened } from './drawing';
import type { Drawing } from './drawing';

/** A stage as it is drawn. */
export interface TimedStage extends Span {
  readonly name: string;
  readonly kind: 'work' | 'wait' | 'rollback' | 'failed';
  /** How often it was tried. */
  readonly attempts: number;
}

/** Something that happened at one moment: an approval, a refusal, a reading of a gate. */
export interface Mark {
  readonly at: number;
  readonly kind: 'yes' | 'no';
  readonly words: string;
}

const ROW = 34;
const HEAD = 34;
const BAR = 11;
/** Per cent: what took no time can be seen, too. */
const THINNEST = 0.7;
/** Letters of a stage's name; on a phone no more than that fit beside its time. */
const LONGEST_NAME = 34;

/** The stages of a run on one axis of time, a row each; long waits are cut, and say so. */
export function timelineChart(stages: readonly TimedStage[], marks: readonly Mark[]): Drawing {
  const whole = wholeOf(stages);
  const scale = brokenScale(
    whole,
    stages.filter(({ kind }) => kind === 'wait'),
  );
  const height = HEAD + stages.length * ROW + 4;
  const rows = stages.map((stage, index) => row(stage, { scale, top: HEAD + index * ROW }));
  const placed = marks.map((mark) => markIn(stages, mark, scale));
  return {
    height,
    body: [axis(whole), ...gaps(scale, height), ...rows, ...placed].join(''),
    legend: legendOf(stages, marks, scale),
  };
}

function wholeOf(stages: readonly TimedStage[]): Span {
  const from = Math.min(...stages.map((stage) => stage.from));
  return { from, to: Math.max(from, ...stages.map((stage) => stage.to)) };
}

function axis({ from, to }: Span): string {
  const iso = (ms: number): string => moment(new Date(ms).toISOString());
  return [
    element('text', { x: 0, y: 12, class: 'quiet' }, iso(from)),
    element('text', { x: '100%', y: 12, 'text-anchor': 'end', class: 'quiet' }, endOf(iso(from), iso(to))),
  ].join('');
}

/** The date only where it is another one: on a phone there is no room for two. */
function endOf(from: string, to: string): string {
  return from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to.slice(5);
}

function gaps({ gaps: all }: Scale, height: number): readonly string[] {
  return all.flatMap(({ left, right }) =>
    [left, right].map((place) =>
      element('line', { x1: percent(place), x2: percent(place), y1: HEAD - 12, y2: height, class: 'gap' }),
    ),
  );
}

function row(stage: TimedStage, { scale, top }: { scale: Scale; top: number }): string {
  const left = scale.at(stage.from);
  const width = Math.max(scale.at(stage.to) - left, THINNEST);
  const x = Math.min(left, 100 - width);
  const cut = scale.gaps.find(
    ({ from, to }) => stage.kind === 'wait' && from >= stage.from && to <= stage.to,
  );
  const bar = { x: percent(x), y: top + 18, width: percent(width), height: BAR, rx: 2, class: stage.kind };
  return [
    element('text', { x: 0, y: top + 12 }, escapeXml(nameOf(stage))),
    element('text', { x: '100%', y: top + 12, 'text-anchor': 'end', class: 'quiet' }, lastOf(stage)),
    element('rect', { x: 0, y: top + 18, width: '100%', height: BAR, rx: 2, class: 'track' }),
    element('rect', bar),
    cut === undefined ? '' : breakSign((cut.left + cut.right) / 2, top + 18),
  ].join('');
}

/** Two slanted strokes: here the axis is broken. */
function breakSign(place: number, y: number): string {
  return element(
    'svg',
    { x: percent(place), y, overflow: 'visible', width: 1, height: 1 },
    element('path', { d: 'M-6 15L-1 -4H5L0 15Z', class: 'cut' }),
    element('path', { d: 'M-6 15L-1 -4M0 15L5 -4', class: 'sign' }),
  );
}

function nameOf({ name, attempts, kind }: TimedStage): string {
  const tail = `${attempts > 1 ? ` · ${attempts} attempts` : ''}${kind === 'failed' ? ' ✗' : ''}`;
  return `${shortened(name, LONGEST_NAME - tail.length)}${tail}`;
}

function lastOf({ from, to, kind }: TimedStage): string {
  return kind === 'wait' ? `waited ${duration(to - from)}` : duration(to - from);
}

/** On the bar of the stage in which it happened. */
function markIn(stages: readonly TimedStage[], mark: Mark, scale: Scale): string {
  const within = stages.findIndex(({ from, to }) => from <= mark.at && mark.at <= to);
  const top = HEAD + Math.max(0, within) * ROW + 18 + BAR / 2;
  const title = element('title', {}, escapeXml(visible(mark.words)));
  const place = {
    cx: percent(Math.min(99, Math.max(1, scale.at(mark.at)))),
    cy: top,
    r: 5,
    class: mark.kind,
  };
  return mark.kind === 'yes'
    ? element('circle', place, title)
    : element('svg', { x: place.cx, y: top, overflow: 'visible', width: 1, height: 1 }, cross(title));
}

function cross(title: string): string {
  return element('path', { d: 'M-5 -5H5V5H-5Z', class: 'no' }, title);
}

function legendOf(
  stages: readonly TimedStage[],
  marks: readonly Mark[],
  { gaps: all }: Scale,
): Drawing['legend'] {
  const has = (kind: TimedStage['kind']): boolean => stages.some((stage) => stage.kind === kind);
  return [
    ...(has('work') ? [['work', 'work'] as const] : []),
    ...(has('wait')
      ? [
          [
            'wait',
            all.length > 0 ? 'waiting; where it is cut, it is drawn shorter than it was' : 'waiting',
          ] as const,
        ]
      : []),
    ...(has('failed') ? [['failed', 'failed'] as const] : []),
    ...(has('rollback') ? [['rollback', 'rolling back'] as const] : []),
    ...(marks.some(({ kind }) => kind === 'yes') ? [['yes', 'accepted act (round mark)'] as const] : []),
    ...(marks.some(({ kind }) => kind === 'no') ? [['no', 'refused act (square mark)'] as const] : []),
  ];
}

function percent(place: number): string {
  return `${Math.round(place * 100) / 100}%`;
}
