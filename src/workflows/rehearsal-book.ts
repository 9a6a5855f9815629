import { defineSignal, setHandler, uuid4, workflowInfo } from '@temporalio/workflow';
import type { CancellationScope } from '@temporalio/workflow';
import { isAnswered } from '../core/rules/judge-act';
import { isControl } from '../core/rules/payload-guard';
import { ReleaseError } from '../core/rules/release-error';
import type { ActName } from '../core/schema/act';
import type { CloneRef, DatabaseRef } from '../core/schema/database-ref';
import type { RehearsalOrder } from '../core/schema/order';
import type { OutcomeError, RehearsalOutcome, RehearsedTier } from '../core/schema/outcome';
import type { ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { ActRecord } from './act-record';
import { faultOf, mangled } from './act-payload';
import { at } from './asking';
import type { Place } from './asking';
import { Story } from './story';

const ACTS: readonly ActName[] = [
  'abort',
  'approve',
  'openGate',
  'reject',
  'withdraw',
  'closeGate',
  'pause',
  'resume',
  'decide',
];

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
  private readonly acts = new ActRecord();
  /** Who stopped it, and why. */
  stopped: string | null = null;
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
    this.acts.listen();
    for (const act of ACTS)
      setHandler(defineSignal<[unknown]>(act), (payload) => {
        if (this.hear(act, payload)) scope.cancel();
      });
  }

  /** Whoever says who they are may end a rehearsal; there is nothing else to be decided about one. @returns whether it ends */
  private hear(act: ActName, payload: unknown): boolean {
    const fault =
      act === 'abort' ? faultOf(act, payload) : 'a rehearsal has no gate: it can be aborted, that is all';
    if (fault !== undefined || !isControl(payload)) {
      this.acts.add(act, mangled(payload), { accepted: false, reason: fault ?? '' });
      return false;
    }
    if (isAnswered(this.acts.all, payload.key)) return false;
    this.acts.add(act, payload, { accepted: true });
    this.stopped ??= `${payload.as}: ${payload.reason}`;
    return true;
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

  outcome(outcome: RehearsalOutcome['outcome'], error?: OutcomeError): RehearsalOutcome {
    const endedAt = new Date().toISOString();
    return {
      ...this.record,
      outcome,
      endedAt,
      stages: this.story.stages,
      tiers: this.tiers,
      ...(error === undefined ? {} : { error }),
    };
  }
}
