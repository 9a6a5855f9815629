import { z } from 'zod';
import { Name } from './name';
import { FULL_SCOPE, PackageRef } from './plan';

/** The input of the rehearsal workflow: names and digests, no path and no secret. */
export const RehearsalOrder = z.object({
  package: PackageRef,
  scope: Name.default(FULL_SCOPE),
  source: Name,
  cloneHost: Name,
  keepAs: Name.optional(),
  requester: Name.optional(),
  evaluation: z
    .object({
      after: z.array(Name).describe('scopes that the clone gets first, as if they had been released'),
    })
    .optional()
    .describe('it is part of a scope evaluation, which reads more'),
});
export type RehearsalOrder = z.infer<typeof RehearsalOrder>;

/** The input of the release workflow. */
export const ReleaseOrder = z.object({
  package: PackageRef,
  scope: Name.default(FULL_SCOPE),
  target: Name,
  requester: Name,
  recovers: z
    .object({
      release: z.string(),
      claim: z.number().int().describe('its claim, as it was found: who took it over since is left alone'),
      choice: z.enum(['go on', 'rollback']),
    })
    .optional()
    .describe('the release, terminated in the midst of it, that the target’s ledger still shows as open'),
  override: z
    .object({ reason: z.string().min(1).max(1000) })
    .optional()
    .describe('why it is to go without a passing rehearsal, if people override that by the policy'),
  rollsBack: z.string().optional().describe('the finished release that is to be rolled back'),
});
export type ReleaseOrder = z.infer<typeof ReleaseOrder>;
