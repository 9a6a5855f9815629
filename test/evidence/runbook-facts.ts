import type { BreakGlassFile } from '../../src/core/rules/break-glass';
import type { StatementMeasure } from '../../src/core/schema/attempt';
import type { RehearsedTier } from '../../src/core/schema/outcome';
import type { PlannedTier } from '../../src/core/schema/plan';
import { Policy } from '../../src/core/schema/target';
import type { RunbookFacts } from '../../src/evidence/runbook/facts';
import { rehearsalOutcome } from '../cli/outcomes';
import { plan } from '../core/sample';
import { plannedTier } from '../support/prepared';

/** An hour after the sample rehearsal has ended. */
const NOW = Date.parse('2026-06-03T11:03:47.000Z');

export const IRREVERSIBLE: PlannedTier = {
  ...plannedTier('20_b'),
  rollback: null,
  irreversible: 'the old rows are gone',
};

const GATE = {
  id: 'rollout',
  before: '10_a',
  source: 'package',
  approvals: { dba: { need: 1, of: ['dba-a', 'dba-b'] } },
  hard: { sql: `select count(*) from approvals where decision = 'yes'`, opens: '> 0' },
} as const;

/** A package of two tiers with its rehearsal, for a target whose policy is known; `change`: what is different. */
export function runbookFacts(change: Partial<RunbookFacts> = {}): RunbookFacts {
  return {
    folder: 'pkg',
    plan: plan({
      tiers: [plannedTier('10_a'), plannedTier('20_b')],
      probe: { path: 'probe.sql', sha256: 'c'.repeat(64) },
      metrics: { gap: { entry: 210, exit: 0, meaning: 'nobody answers for them' } },
    }),
    target: 'production',
    gates: [{ ...GATE, approvals: { dba: { need: 1, of: [...GATE.approvals.dba.of] } } }],
    policy: Policy.parse({ request: ['lead-a'], abort: ['lead-a', 'dba-a'] }),
    executor: 'one_roof_executor',
    service: 'prod',
    registration: 'c'.repeat(64),
    contacts: {},
    files: ['10_a.sql', '20_b.sql'],
    breakGlass: [breakGlass('forward.sql', 'apply'), breakGlass('back.sql', 'rollback')],
    rehearsal: rehearsed(),
    unread: null,
    now: NOW,
    ...change,
  };
}

export function breakGlass(path: string, direction: BreakGlassFile['direction']): BreakGlassFile {
  return { path, direction, isTelling: true, missing: [], beyond: [] };
}

/** A passing rehearsal of both tiers, with what their statements did. */
export function rehearsed(
  change: Partial<RehearsedTier> = {},
  measures: readonly StatementMeasure[] = [],
): NonNullable<RunbookFacts['rehearsal']> {
  const [sample] = rehearsalOutcome().tiers;
  if (sample === undefined) throw new Error('the sample has a tier');
  const stages = [
    { stage: 'audit', state: 'done' as const, ms: 87 },
    { stage: 'roll back 20_b', state: 'done' as const, ms: 412 },
  ];
  const tiers = [
    { ...sample, id: '10_a', ms: 35 },
    { ...sample, id: '20_b', ms: 1_200, ...change },
  ];
  return { outcome: rehearsalOutcome({ tiers, stages }), measures: { '20_b': measures } };
}
