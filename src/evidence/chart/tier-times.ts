import { duration } from '../amounts';
import { element, escapeXml, shortened } from './drawing';
import type { Drawing } from './drawing';

/** How long a tier took; null: it was not measured. */
export interface TierTime {
  readonly tier: string;
  readonly production: number | null;
  readonly rehearsal: number | null;
}

const ROW = 54;
const BAR = 12;
/** Per cent of the width that a bar may take: its time stands behind it. */
const LONGEST = 76;
const THINNEST = 0.7;
const LONGEST_NAME = 44;

/** Two bars a tier on one scale: production above, its rehearsal below. */
export function tierTimesChart(tiers: readonly TierTime[]): Drawing {
  const longest = Math.max(
    1,
    ...tiers.flatMap(({ production, rehearsal }) => [production ?? 0, rehearsal ?? 0]),
  );
  const rows = tiers.map(({ tier, production, rehearsal }, index) => {
    const top = index * ROW;
    return [
      element('text', { x: 0, y: top + 13 }, escapeXml(shortened(tier, LONGEST_NAME))),
      bar(production, { longest, y: top + 19, kind: 'work' }),
      bar(rehearsal, { longest, y: top + 33, kind: 'rehearsed' }),
    ].join('');
  });
  return {
    height: tiers.length * ROW,
    body: rows.join(''),
    legend: [
      ['work', 'production'],
      ['rehearsed', 'rehearsal'],
    ],
  };
}

function bar(ms: number | null, { longest, y, kind }: { longest: number; y: number; kind: string }): string {
  const width = ms === null ? 0 : Math.max((ms / longest) * LONGEST, THINNEST);
  const words = ms === null ? 'not measured' : duration(ms);
  const drawn =
    ms === null
      ? ''
      : element('rect', { x: 0, y, width: `${round(width)}%`, height: BAR, rx: 2, class: kind });
  return drawn + element('text', { x: `${round(width + 1.2)}%`, y: y + 10.5, class: 'quiet' }, words);
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
