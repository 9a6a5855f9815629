import { ApplicationFailure, Context } from '@temporalio/activity';
import { WORKFLOW_QUEUE } from '../../src/core/rules/contract';
import type { TierAttempt } from '../../src/core/schema/attempt';
import { Policy } from '../../src/core/schema/target';
import { APPLIED, ROLLED_BACK, planOf } from './told';
import type { Told } from './told';

export const STATEMENT_FAILED = ApplicationFailure.create({
  type: 'STATEMENT_FAILED',
  message: 'division by zero (SQLSTATE 22012)',
  nonRetryable: true,
});

/** A database target with a policy. */
export function target(name: string, policy: object) {
  return {
    name,
    kind: 'database' as const,
    queue: WORKFLOW_QUEUE,
    protected: true,
    registered: true,
    policy: Policy.parse({ gates: [{ id: 'policy', before: 'first' }], ...policy }),
  };
}

/** Without a gate, a release runs at once. */
export function ungated(): Told {
  return { auditPackage: planOf({ gates: [] }) };
}

export function recording(asked: string[]) {
  return {
    applyTier: ({ tier, hold }: TierAttempt) => (asked.push(`apply ${tier.id} ${hold.ordinal}`), APPLIED),
    rollBackTier: ({ tier, hold }: TierAttempt) => (
      asked.push(`rollback ${tier.id} ${hold.ordinal}`),
      ROLLED_BACK
    ),
  };
}

export function failAt(id: string): NonNullable<Told['applyTier']> {
  return ({ tier }) => {
    if (tier.id === id) throw STATEMENT_FAILED;
    return APPLIED;
  };
}

/** Only a heartbeat hears of a cancellation. */
export function heartbeating(work: NonNullable<Told['applyTier']>): NonNullable<Told['applyTier']> {
  return async (input) => {
    const timer = setInterval(() => Context.current().heartbeat(), 100);
    try {
      return await work(input);
    } finally {
      clearInterval(timer);
    }
  };
}
