import type { Outcome } from '../client/outcome';
import type { Status } from '../core/schema/outcome';

/** The status of what has ended, made from its outcome alone: no worker is needed to tell it. */
export function endedStatus(outcome: Outcome): Status {
  return {
    kind: outcome.kind,
    id: outcome.id,
    package: outcome.package,
    scope: outcome.scope,
    target: outcome.kind === 'rehearsal' ? outcome.source : outcome.target,
    stage: outcome.outcome,
    since: outcome.endedAt,
    stages: outcome.stages,
    gates: [],
    tiers: outcome.tiers.map(({ id, outcome: end }) => ({ id, outcome: end })),
    waitingFor: [],
    choices: [],
    paused: false,
  };
}
