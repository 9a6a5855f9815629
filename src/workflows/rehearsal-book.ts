import { uuid4, workflowInfo } from '@temporalio/workflow';
import type { CancellationScope } from '@temporalio/workflow';
import { ReleaseError } from '../core/rules/release-error';
import type { CloneRef, DatabaseRef } from '../core/schema/database-ref';
import type { EvaluatedRehearsal } from '../core/schema/evaluated-rehearsal';
import type { RehearsalOrder } from '../core/schema/order';
import type { OutcomeError, RehearsalOutcome, RehearsedTier } from '../core/schema/outcome';
import type { ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { AbortOnly } from './abort-only';
import { at } from './asking';
import type { Place } from './asking';
import { Story } from './story';

interface Learned {
  readonly plan: ReleasePlan;
  readonly source: TargetDescription;
  readonly host: TargetDescription;
  readonly atSource: Place;
  readonly atHost: Place;
}

type Record = Omit<RehearsalOutcome, 'outcome' | 'endedAt' | 'stages' | 'error' | 'tiers'>;

/** A rehearsal's memory: its story, its clone, and the outcome as far as it is known. */
export class RehearsalBook {
  readonly id = workflowInfo().workflowId;
  readonly story: Story;
  readonly record: Record;
  /** Rehearsals of one database never meet: the clone's name ends in a part of its nonce. */
  readonly clone: CloneRef = { name: '', nonce: uuid4().replaceAll('-', '') };
  tiers: RehearsedTier[] = [];
  /** The document of the source's fingerprint. */
  snapshot: string | null = null;
  /** What is read besides for a scope evaluation. */
  readonly evaluated: EvaluatedRehearsal;
  private readonly abort: AbortOnly;
  private learned: Learned | null = null;

  constructor(
    readonly order: RehearsalOrder,
    scope: CancellationScope,
  ) {
    const { package: pkg, source, cloneHost } = order;
    const head = { kind: 'rehearsal', id: this.id, package: pkg, scope: order.scope } as const;
    this.record = {
      ...head,
      source,
      sourceIdentity: null,
      cloneHost,
      clone: null,
      startedAt: new Date().toISOString(),
      baseline: { entry: {}, exit: {} },
      figures: {},
      reapplied: null,
      gates: [],
      mutations: { source: 0 },
      clonesLeft: [],
      evidence: null,
    };
    this.story = new Story({
      head: { ...head, target: source },
      gates: () => [],
      tiers: () => this.tiers.map(({ id, outcome }) => ({ id, outcome })),
    });
    this.abort = new AbortOnly('a rehearsal', () => scope.cancel());
    const after = order.evaluation?.after ?? [];
    const before = { metrics: {}, checks: [] };
    this.evaluated = { after, earlier: [], before, checks: [], entry: null, end: null };
  }

  /** Who stopped it, and why. */
  get stopped(): string | null {
    return this.abort.words;
  }

  /** In whose name the clone is claimed. */
  get claimant() {
    const { package: pkg, scope, requester } = this.order;
    return { release: this.id, package: pkg, scope, requester: requester ?? 'rehearsal' };
  }

  learn(plan: ReleasePlan, source: TargetDescription, host: TargetDescription): void {
    this.learned = { plan, source, host, atSource: at(source.queue), atHost: at(host.queue) };
    const untouched = {
      ms: 0,
      statements: 0,
      rows: 0,
      walBytes: 0,
      locks: 0,
      rollback: null,
      differences: [],
      repeat: 'not reached',
      metrics: {},
    } as const;
    this.tiers = plan.tiers.map(({ id }) => ({ id, outcome: 'not reached', ...untouched, differences: [] }));
    const day = this.record.startedAt.slice(0, 10).replaceAll('-', '');
    const name = `${plan.database.name.slice(0, 34)}_rehearsal_${day}_${this.clone.nonce.slice(0, 6)}`;
    Object.assign(this.clone, { name });
    this.story.tellPlan(plan);
  }

  get known(): Learned {
    if (this.learned === null) throw new ReleaseError('INTERNAL', 'the rehearsal has not read its plan yet');
    return this.learned;
  }

  get database(): DatabaseRef {
    return { target: this.order.cloneHost, clone: this.clone };
  }

  /** By which a release will be measured. */
  tellFingerprints(clone: { readonly before: string; readonly applied: string }): void {
    if (this.snapshot !== null) this.record.fingerprints = { source: this.snapshot, ...clone };
  }

  note(id: string, change: Partial<RehearsedTier>): void {
    this.tiers = this.tiers.map((tier) => (tier.id === id ? { ...tier, ...change } : tier));
    this.story.refresh();
  }

  noteEarlier(id: string, change: Partial<EvaluatedRehearsal['earlier'][number]>): void {
    const { evaluated } = this;
    evaluated.earlier = evaluated.earlier.map((tier) => (tier.id === id ? { ...tier, ...change } : tier));
  }

  outcome(outcome: RehearsalOutcome['outcome'], error?: OutcomeError): RehearsalOutcome {
    const endedAt = new Date().toISOString();
    return {
      ...this.record,
      outcome,
      endedAt,
      stages: this.story.stages,
      tiers: this.tiers,
      ...(this.order.evaluation === undefined ? {} : { evaluated: this.evaluated }),
      ...(error === undefined ? {} : { error }),
    };
  }
}
