import { z } from 'zod';
import { RehearsalOutcome, ReleaseOutcome } from './outcome';
import { Sha256 } from './name';

/** An in-toto statement: a package's digest, and what a workflow observed of it. */
export const Statement = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: Sha256 }) })).min(1),
  predicateType: z.string(),
  predicate: z.discriminatedUnion('kind', [RehearsalOutcome, ReleaseOutcome]),
});
export type Statement = z.infer<typeof Statement>;

/** A DSSE envelope. */
export const Envelope = z.object({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
});
export type Envelope = z.infer<typeof Envelope>;
