import { ApplicationFailure, Context } from '@temporalio/activity';
import type { TierAttempt } from '../../src/core/schema/attempt';
import { APPLIED, ROLLED_BACK, audited } from './well';
import type { Told } from './well';

export const STATEMENT_FAILED = ApplicationFailure.create({
  type: 'STATEMENT_FAILED',
  message: 'division by zero (SQLSTATE 22012)',
  nonRetryable: true,
});

/** Without a gate, a release runs at once. */
export function ungated(): Told {
  return { auditOrder: audited({ gates: [] }) };
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
