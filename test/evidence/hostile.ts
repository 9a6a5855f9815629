import { z } from 'zod';
import type { RehearsalOutcome, ReleaseOutcome } from '../../src/core/schema/outcome';
import type { ReportFacts } from '../../src/evidence/report/facts';
import { rehearsalOutcome, releaseOutcome } from '../cli/outcomes';

/** All that begins something in HTML, CSS, SVG or Markdown, and what nobody sees. */
export const EVIL =
  '</style></title></svg><script>alert(1)</script><img src=x onerror=alert(1)> **b** `c` [l](http://evil.example) ![i](http://evil.example/i.png) https://evil.example _e_ ~~s~~ &lt; | \u202Ertl\u0007\u200B\n# heading\n- item\n> quote\n```\n~~~~\n| a |';

/** What the report takes as a word of its own: it chooses by it. */
const OWN = new Set(
  'kind outcome verdict decision assurance act state rollback repeat startedAt endedAt at from until readAt'.split(
    ' ',
  ),
);

function poisoned(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return OWN.has(key) ? value : EVIL;
  if (Array.isArray(value)) return value.map((each) => poisoned(each, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      ['entry', 'exit', 'metrics', 'figures'].includes(key) ? EVIL : name,
      poisoned(each, name),
    ]),
  );
}

const AT = '2026-06-03T10:00:00.000Z';

/** A release in whose evidence every word that others may choose is hostile. */
export function hostileRelease(): ReportFacts {
  const release = releaseOutcome({
    outcome: 'rolled back',
    rolledBack: true,
    rollsBack: 'x',
    recovers: 'x',
    rollback: { verdict: 'different', differences: ['x'], more: 1 },
    error: { code: 'x', message: 'x\nx SQLSTATE x', hint: 'x' },
    losses: [{ table: 'x', rows: 3 }],
    voided: [{ at: AT, why: ['x'], approvals: [{ gate: 'x', who: 'x' }] }],
    held: [
      { tier: 'x', why: ['x'], from: AT, until: AT, overridden: [] },
      { tier: 'x', why: ['x'], from: AT, until: AT, overridden: [{ kind: 'live', by: ['x'] }] },
    ],
  });
  const outcome = z.custom<ReleaseOutcome>().parse(poisoned(release));
  const { outcome: rehearsed, measures } = hostileRehearsal();
  const rehearsal = { outcome: z.custom<RehearsalOutcome>().parse(rehearsed), measures };
  return { outcome, measures, rehearsal, unread: EVIL, meanings: { [EVIL]: EVIL } };
}

export function hostileRehearsal(): ReportFacts {
  const [tier] = rehearsalOutcome().tiers;
  if (tier === undefined) throw new Error('the sample has a tier');
  const sample = rehearsalOutcome({
    tiers: [{ ...tier, rollback: 'different', differences: ['x'] }],
    reapplied: { verdict: 'different', differences: ['x'], more: 0 },
    error: { code: 'x', message: 'x', hint: 'x' },
    clonesLeft: ['x'],
  });
  const outcome = z.custom<RehearsalOutcome>().parse(poisoned(sample));
  const statement = { number: 1, line: 1, text: EVIL, ms: 5, rows: 1, rewrites: [EVIL], walBytes: 1 };
  const locks = [{ relation: EVIL, mode: 'AccessExclusiveLock' }];
  return {
    outcome,
    measures: { [EVIL]: [{ ...statement, locks }] },
    rehearsal: null,
    unread: null,
    meanings: { [EVIL]: EVIL },
  };
}
