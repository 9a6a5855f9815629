import type { Outcome } from '../client/outcome';
import type { ReleaseOutcome, Status } from '../core/schema/outcome';

/** A status, and what an end tells beside it. */
type EndedStatus = Status & Concern;
type Concern = Pick<ReleaseOutcome, 'recovers' | 'rollsBack' | 'losses'>;

/** The status of what has ended, made from its outcome alone: no worker is needed to tell it. */
export function endedStatus(outcome: Outcome): EndedStatus {
  return {
    ...(outcome.kind === 'release' ? concernOf(outcome) : {}),
    kind: outcome.kind,
    id: outcome.id,
    package: outcome.package,
    scope: outcome.kind === 'evaluation' ? outcome.scopes.join(', ') : outcome.scope,
    target: outcome.kind === 'release' ? outcome.target : outcome.source,
    stage: outcome.outcome,
    since: outcome.endedAt,
    stages: outcome.stages,
    gates: [],
    tiers: (outcome.kind === 'evaluation' ? [] : outcome.tiers).map(({ id, outcome: end }) => ({
      id,
      outcome: end,
    })),
    waitingFor: [],
    choices: [],
    paused: false,
  };
}

/** Which other release it was about, where it was. */
function concernOf({ recovers, rollsBack, losses }: ReleaseOutcome): Concern {
  return {
    ...(recovers === undefined ? {} : { recovers }),
    ...(rollsBack === undefined ? {} : { rollsBack }),
    ...(losses === undefined ? {} : { losses }),
  };
}
