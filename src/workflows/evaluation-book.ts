import { workflowInfo } from '@temporalio/workflow';
import { shortIdOf, workflowId } from '../core/rules/contract';
import { ReleaseError } from '../core/rules/release-error';
import { waysBack } from '../core/rules/evaluation/ways-back';
import type { EvaluationOrder, EvaluationOutcome, ScopeRun } from '../core/schema/evaluation';
import type { RehearsalOutcome } from '../core/schema/outcome';
import type { ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { AbortOnly } from './abort-only';
import { Story } from './story';

/** One rehearsal of the evaluation. */
export interface Step {
  readonly scope: string;
  /** The part that is in effect before; undefined: from the source as it is. */
  readonly part: string | undefined;
}

/** A rehearsal with what it was judged to be. */
export interface Judged {
  readonly run: ScopeRun;
  readonly outcome: RehearsalOutcome | undefined;
}

type Memory = Pick<EvaluationOutcome, 'ends' | 'recommendations' | 'evidence'>;

/** An evaluation's memory: the plan of each scope, its rehearsals in their order, and what they come to. */
export class EvaluationBook {
  readonly id = workflowInfo().workflowId;
  readonly startedAt = new Date().toISOString();
  readonly story: Story;
  readonly memory: Memory = { ends: [], recommendations: [], evidence: null };
  steps: readonly Step[] = [];
  private readonly judged: Judged[] = [];
  private readonly abort: AbortOnly;
  private plans: ReadonlyMap<string, ReleasePlan> = new Map();
  private described: TargetDescription | null = null;

  constructor(readonly order: EvaluationOrder) {
    const { package: pkg, source, scopes } = order;
    const head = { kind: 'evaluation', id: this.id, package: pkg, scope: scopes.join(', ') } as const;
    this.story = new Story({ head: { ...head, target: source }, gates: () => [], tiers: () => [] });
    this.abort = new AbortOnly('an evaluation', () => undefined);
  }

  /** The act that ended it. */
  get act() {
    return this.abort.act;
  }

  /** Who stopped it, and why. */
  get stopped(): string | null {
    return this.abort.words;
  }

  learn(plans: ReadonlyMap<string, ReleasePlan>, source: TargetDescription): void {
    this.plans = plans;
    this.described = source;
  }

  planOf(scope: string): ReleasePlan {
    const plan = this.plans.get(scope);
    if (plan === undefined) throw new ReleaseError('INTERNAL', `the plan of scope ${scope} was not read`);
    return plan;
  }

  get source(): TargetDescription {
    if (this.described === null) throw new ReleaseError('INTERNAL', 'the source was not described yet');
    return this.described;
  }

  /** A rehearsal's id, made from the evaluation's own: whoever knows one finds the other. */
  rehearsalId(step: Step): string {
    const number = this.steps.indexOf(step) + 1;
    return workflowId('rehearsal', this.order.package.name, `${shortIdOf(this.id)}${number}`);
  }

  note(judged: Judged): void {
    this.judged.push(judged);
  }

  find({ scope, part }: Step): Judged | undefined {
    return this.judged.find(({ run }) => run.scope === scope && run.after[0] === part);
  }

  outcome(outcome: EvaluationOutcome['outcome'], error: EvaluationOutcome['error']): EvaluationOutcome {
    const { id, order, startedAt, memory, judged, story } = this;
    const runs = judged.map(({ run }) => run);
    const { package: pkg, scopes, source, cloneHost, requester } = order;
    const seen = judged.find((each) => (each.outcome?.sourceIdentity ?? null) !== null)?.outcome;
    return {
      kind: 'evaluation',
      id,
      outcome,
      package: pkg,
      scopes: [...scopes],
      source,
      sourceIdentity: seen?.sourceIdentity ?? null,
      cloneHost,
      requester: requester ?? null,
      startedAt,
      endedAt: new Date().toISOString(),
      ...memory,
      runs,
      waysBack: [...waysBack(runs)],
      mutations: { source: runs.reduce((sum, { mutations }) => sum + mutations, 0) },
      clonesLeft: runs.flatMap(({ clonesLeft }) => clonesLeft),
      stages: story.stages,
      ...(error === undefined ? {} : { error }),
    };
  }
}
