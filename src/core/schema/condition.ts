import { z } from 'zod';
import { Duration, Name } from './name';

/** What must hold at the target while a release goes on; what is left out is not asked. */
export const LiveChecks = z.strictObject({
  replicaLag: Duration.optional().describe('No replica is further behind.'),
  transactionAge: Duration.optional().describe('No transaction of others is older.'),
  idleInTransaction: Duration.optional().describe('No transaction of others has been idle for longer.'),
  freeConnections: z.number().int().min(1).optional().describe('So many connections are still to be had.'),
  freeDisk: z
    .strictObject({
      path: z.string().startsWith('/').describe('A directory of the disk, as the worker sees it.'),
      atLeast: z
        .string()
        .regex(/^\d+(MB|GB|TB)$/, 'a size: `20GB`')
        .describe('So much must be free: `20GB`.'),
    })
    .optional()
    .describe("Only where the target's worker sees the database's disk."),
});
export type LiveChecks = z.infer<typeof LiveChecks>;

/** What a release may be held by although its gates are open. */
export const ConditionKind = z.enum(['calendar', 'live', 'rehearsal']);
export type ConditionKind = z.infer<typeof ConditionKind>;

/** A condition that does not hold now. */
export const Unmet = z.object({
  kind: ConditionKind,
  why: z.string(),
  until: z.string().nullable().describe('when it will hold by itself; null: nobody knows'),
});
export type Unmet = z.infer<typeof Unmet>;

/** All conditions of one release at one moment. */
export const ConditionsRead = z.object({ unmet: z.array(Unmet), readAt: z.string() });
export type ConditionsRead = z.infer<typeof ConditionsRead>;

/** A tier that was held although its gates were open, and how that ended. */
export const HeldTier = z.object({
  tier: Name,
  why: z.array(z.string()),
  from: z.string(),
  until: z.string(),
  overridden: z
    .array(z.object({ kind: ConditionKind, by: z.array(Name) }))
    .describe('what did not hold, and who let it go on all the same'),
});
export type HeldTier = z.infer<typeof HeldTier>;
