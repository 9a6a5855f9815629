import type { TierBlast } from '../core/schema/blast';
import type { HeldTier } from '../core/schema/condition';
import type { RehearsedFingerprints } from '../core/schema/delta';
import type { Metrics } from '../core/schema/name';
import type { ReleaseOutcome, ReleasedTier, StageRecord } from '../core/schema/outcome';
import type { ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import type { Place } from './asking';
import type { GatehouseMemory } from './court';

/** What a release has learned of the world before its first gate. */
export interface Learned {
  readonly plan: ReleasePlan;
  readonly target: TargetDescription;
  readonly place: Place;
}

/** What a waiting release takes along when it goes on under newer code. DESIGN.md §5. */
export interface Carried {
  readonly plan: ReleasePlan;
  readonly target: TargetDescription;
  readonly record: OutcomeRecord;
  readonly tiers: ReleasedTier[];
  readonly stages: readonly StageRecord[];
  readonly gatehouse: GatehouseMemory;
  readonly returnsTo: string | null;
  readonly waitsUntil: number | null;
  readonly held?: readonly HeldTier[];
  readonly rehearsed?: Rehearsed | null;
}

/** The rehearsal that it was prepared by: when it ended, how long each tier took, ms, and what that cost others. */
export interface Rehearsed {
  readonly at: string;
  readonly tiers: Readonly<Record<string, number>>;
  readonly blasts?: Readonly<Record<string, TierBlast>>;
  readonly touched?: readonly string[];
  readonly fingerprints?: RehearsedFingerprints;
  readonly entry?: Metrics;
}

/** The outcome as far as it is known before the end. */
export type OutcomeRecord = Omit<
  ReleaseOutcome,
  'outcome' | 'endedAt' | 'approvals' | 'voided' | 'held' | 'acts' | 'stages' | 'readings' | 'error' | 'tiers'
>;
