import { strengthOf } from '../../core/rules/lock-conflicts';
import { locksKept } from '../../core/rules/tier-locks';
import type { KeptLock } from '../../core/rules/tier-locks';
import { modeOf } from '../../core/rules/tier-mode';
import type { PlannedTier } from '../../core/schema/plan';
import { table, text } from '../document';
import type { Block } from '../document';
import { counted, duration } from '../amounts';
import { rehearsedTier, stageTime, tierTime } from './facts';
import type { RunbookFacts } from './facts';

const MODES = {
  transaction: 'one transaction: all of it or nothing',
  autocommit: 'outside a transaction: others see it halfway; it goes on where it stopped',
  batch: 'in batches, each a transaction: others see it halfway; it goes on where it stopped',
} as const;

/** Each tier with its file, its time, its locks, and what rolls it back. */
export function tiersForward(facts: RunbookFacts): readonly Block[] {
  const tiers = facts.plan.tiers.flatMap((tier) => [
    text(`**${tier.id}**`),
    table(
      ['', ''],
      [
        ['file', `${tier.apply.path}, ${counted(tier.statements, 'statement')}`],
        ['runs', MODES[modeOf(tier.rules)]],
        ['took in rehearsal', tierTime(facts, tier.id)],
        ['changed in rehearsal', changed(facts, tier.id)],
        ...lockRows(facts, tier.id),
        ['waits for one lock', `${tier.rules.lockTimeout} at most`],
        ['must hold afterwards', metrics(tier.rules.expect)],
        ...rollbackRows(facts, tier),
      ].filter(([, fact]) => fact !== ''),
    ),
  ]);
  if (facts.rehearsal === null) return tiers;
  return [
    text(
      'A lock is kept from its statement to the end of the tier. What a tier makes itself is left out: nobody else knows it yet.',
    ),
    ...tiers,
  ];
}

/** Each tier, last first, with what rolls it back and how that was proven. */
export function tiersBackward(facts: RunbookFacts): readonly Block[] {
  return [...facts.plan.tiers].reverse().flatMap((tier) => [
    text(`**${tier.id}**`),
    table(
      ['', ''],
      [
        ...rollbackRows(facts, tier),
        ['took in rehearsal', rollbackTime(facts, tier.id)],
        ['waits for one lock', `${tier.rules.lockTimeout} at most`],
      ].filter(([, fact]) => fact !== ''),
    ),
  ]);
}

function changed(facts: RunbookFacts, id: string): string {
  const tier = rehearsedTier(facts, id);
  if (tier?.outcome === 'already applied') return 'nothing: it was in effect in the source already';
  return tier?.outcome === 'applied' ? `${counted(tier.rows, 'row')}, ${tier.walBytes} bytes of WAL` : '';
}

/** Whom it keeps away, and for how long: what people ask first. */
function lockRows({ rehearsal }: RunbookFacts, id: string): readonly (readonly [string, string])[] {
  const measures = rehearsal?.measures[id];
  if (measures === undefined) return [];
  const locks = strongest(locksKept(measures));
  const of = (...modes: readonly string[]): readonly KeptLock[] =>
    locks.filter(({ mode }) => modes.includes(mode));
  const away = of('AccessExclusiveLock');
  const readable = of('ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock');
  const rest = locks.length - away.length - readable.length;
  const rewrites = [...new Set(measures.flatMap((measure) => measure.rewrites))];
  return [
    ['nobody else can use', away.map(inWords).join(', ') || 'nothing: it keeps no reader away'],
    ['nobody else can write', readable.map(inWords).join(', ')],
    [
      'locks as a reader or writer has',
      rest === 0 ? '' : `on ${rest} more: they hold up changes of the schema alone`,
    ],
    ['rewrites', rewrites.join(', ')],
  ];
}

function inWords({ relation, ms }: KeptLock): string {
  return `${relation} for ${duration(ms)}`;
}

/** Of each relation the strongest lock, in the order in which they were taken. */
function strongest(locks: readonly KeptLock[]): readonly KeptLock[] {
  const found = new Map<string, KeptLock>();
  for (const lock of locks) {
    const known = found.get(lock.relation);
    if (known === undefined || strengthOf(lock.mode) > strengthOf(known.mode)) found.set(lock.relation, lock);
  }
  return [...found.values()];
}

function rollbackRows(facts: RunbookFacts, tier: PlannedTier): readonly (readonly [string, string])[] {
  if (tier.rollback === null)
    return [['rolled back by', `**nothing: it is irreversible**. ${tier.irreversible ?? ''}`]];
  const rehearsed = rehearsedTier(facts, tier.id);
  return [
    ['rolled back by', tier.rollback.path],
    ['proven', proof(rehearsed?.outcome, rehearsed?.rollback ?? null)],
    ['differences', rehearsed?.differences.join('; ') ?? ''],
  ];
}

function proof(outcome: string | undefined, verdict: string | null): string {
  if (outcome === 'already applied') return 'not in this rehearsal: it was in effect in the source already';
  if (verdict === null) return 'no: nothing has proven it';
  if (verdict !== 'identical') return `no: on the clone the rollback was ${verdict}`;
  return 'on the clone it gave back exactly what was there before, catalog and rows: identical';
}

function rollbackTime(facts: RunbookFacts, id: string): string {
  const time = stageTime(facts, `roll back ${id}`);
  return time === '' ? '' : `${time}, with the comparison of the clone afterwards`;
}

function metrics(expected: PlannedTier['rules']['expect']): string {
  return Object.entries(expected)
    .map(([metric, value]) => `${metric} = ${String(value)}`)
    .join(', ');
}
