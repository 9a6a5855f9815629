import { z } from 'zod';
import { Metrics, Name, Sha256 } from './name';

/** One row of a check file: `(check, ok, detail)`. A row named `gate:<id>` is reported and never fatal. */
export const CheckRow = z.object({ check: z.string(), ok: z.boolean(), detail: z.string() });
export type CheckRow = z.infer<typeof CheckRow>;

/** What a server and a database are, read at each start and compared later: a failover that lost commits shows. */
export const DatabaseIdentity = z.object({
  database: z.string(),
  version: z.number().int().describe('server_version_num'),
  systemIdentifier: z.string(),
  timeline: z.number().int(),
  oid: z.string(),
  name: Name.describe('the registered name'),
  registration: Sha256.describe('of the nonce: a database that was made anew is another one'),
});
export type DatabaseIdentity = z.infer<typeof DatabaseIdentity>;

export const ChecksRead = z.object({ checks: z.array(CheckRow), mutations: z.number().int() });
export type ChecksRead = z.infer<typeof ChecksRead>;

export const BaselineRead = z.object({ metrics: Metrics, mutations: z.number().int(), at: z.string() });
export type BaselineRead = z.infer<typeof BaselineRead>;
