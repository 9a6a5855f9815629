import type { StatementMeasure } from '../../src/core/schema/attempt';
import type { StageRecord } from '../../src/core/schema/outcome';
import type { ReportFacts } from '../../src/evidence/report/facts';
import { rehearsalOutcome, releaseOutcome } from '../cli/outcomes';

const BEGIN = Date.parse('2026-06-03T10:00:00.000Z');
const WEEKS = 21 * 86_400_000;
const TIERS = ['10_structure', '20_responsibility_axis_with_a_long_name', '30_ownership_seed'];
const MEANINGS = { gap: 'pairs of collection and active scope that nobody answers for' };

/** Stages one after the other: name and how long, ms. */
function stagesOf(steps: readonly (readonly [string, number, StageRecord['state']?])[]): StageRecord[] {
  let at = BEGIN;
  return steps.map(([stage, ms, state = 'done']) => {
    const startedAt = new Date(at).toISOString();
    at += ms;
    return { stage, state, startedAt, ms, note: `${stage} note` };
  });
}

function endOf(stages: readonly StageRecord[]): string {
  const last = stages.at(-1);
  return new Date(Date.parse(last?.startedAt ?? '') + (last?.ms ?? 0)).toISOString();
}

function measures(): StatementMeasure[] {
  const modes = ['AccessExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock', 'RowExclusiveLock'];
  return modes.map((mode, index) => ({
    number: index + 1,
    line: 3 * index + 1,
    text: `alter table a_table_with_a_rather_long_name_${index} add constraint another_long_name check (true)`,
    ms: 12.5 * (index + 1),
    rows: index,
    locks: [{ relation: `public.a_table_with_a_rather_long_name_${index}`, mode }],
    rewrites: index === 0 ? ['public.a_table_with_a_rather_long_name_0'] : [],
    walBytes: 4_321 * index,
  }));
}

const MEASURES = Object.fromEntries(TIERS.map((tier) => [tier, measures()]));

export function rehearsed(): ReportFacts {
  const [sample] = rehearsalOutcome().tiers;
  if (sample === undefined) throw new Error('the sample has a tier');
  const stages = stagesOf([
    ['audit', 90],
    ['clone', 2_500],
    ...TIERS.map((tier) => [tier, 110] as const),
    ...TIERS.map((tier) => [`roll back ${tier}`, 90] as const),
  ]);
  const tiers = TIERS.map((id, index) => ({
    ...sample,
    id,
    ms: 60 + 40 * index,
    metrics: { gap: 210 - index },
  }));
  const outcome = rehearsalOutcome({ stages, tiers, endedAt: endOf(stages) });
  return { outcome, measures: MEASURES, rehearsal: null, unread: null, meanings: MEANINGS };
}

/** Two seconds of work around three weeks at the gate. */
export function longWait(): ReportFacts {
  const stages = stagesOf([
    ['audit', 400],
    ['preflight', 600],
    ['gate before 10_structure', WEEKS],
    ['claim', 30],
    ...TIERS.map((tier) => [tier, 250] as const),
    ['verify', 120],
  ]);
  const tiers = TIERS.map((id, index) => ({
    id,
    outcome: 'applied' as const,
    ms: 70 + index,
    attempts: index + 1,
    metrics: { gap: 210 - index },
  }));
  const { outcome } = rehearsed();
  if (outcome.kind !== 'rehearsal') throw new Error('the sample is a rehearsal');
  return {
    outcome: releaseOutcome({ stages, tiers, endedAt: endOf(stages) }),
    measures: {},
    rehearsal: { outcome, measures: MEASURES },
    unread: null,
    meanings: MEANINGS,
  };
}

export function rolledBack(): ReportFacts {
  const stages = stagesOf([
    ['audit', 90],
    ['gate before 10_structure', 6_000],
    ['10_structure', 110],
    ['20_responsibility_axis_with_a_long_name', 110, 'failed'],
    ['hold', 60_000],
    ['roll back 10_structure', 80],
    ['compare with before', 140],
  ]);
  const tiers = TIERS.map((id, index) => ({
    id,
    outcome: index === 0 ? ('rolled back' as const) : ('not reached' as const),
    ms: index === 0 ? 70 : 0,
    attempts: 1,
    metrics: {},
  }));
  const outcome = releaseOutcome({
    outcome: 'rolled back',
    rolledBack: true,
    rollback: { verdict: 'identical', differences: [], more: 0 },
    stages,
    tiers,
    endedAt: endOf(stages),
    error: {
      code: 'STATEMENT_FAILED',
      message: 'prod/20.sql:13:1 statement 2\n  insert into t\n  ^\nduplicate key value (SQLSTATE 23505)',
      hint: 'Correct the statement that is named, then rehearse the new bytes.',
    },
  });
  return { outcome, measures: {}, rehearsal: null, unread: 'no store is known here', meanings: {} };
}
