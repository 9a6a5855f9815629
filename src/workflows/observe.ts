import { ReleaseError } from '../core/rules/release-error';
import type { GateQuery } from '../core/schema/attempt';
import type { FingerprintSummary } from '../core/schema/fingerprint';
import type { Observation } from '../core/schema/observation';
import type { PlannedFile } from '../core/schema/plan';
import { ask } from './asking';
import type { ReleaseBook } from './release-book';

/** What of the target is to be read; what is left out is not. */
interface Wanted {
  readonly checks?: readonly PlannedFile[];
  readonly probe?: boolean;
  readonly gates?: readonly GateQuery[];
  readonly schema?: boolean;
}

/** The probe's metrics and the schema digest. */
export const FIGURES: Wanted = { probe: true, schema: true };

/** One look at the target, by roles that cannot write; before the first tier it is counted whether they did. */
export async function observe(book: ReleaseBook, why: string, wanted: Wanted): Promise<Observation> {
  const { plan, place } = book.known;
  const target = book.order.target;
  const { checks = [], gates = [], probe = false, schema = false } = wanted;
  const observation = await ask(place.reads.observeTarget, `${target}: ${why}`, {
    database: { target },
    plan: { package: plan.package },
    checks,
    probe: probe ? plan.probe : null,
    gates,
    schema,
  });
  if (book.record.fingerprint.before === null) book.record.mutations.beforeGate += observation.mutations;
  return observation;
}

/** The schema of a look that asked for it. */
export function schemaOf({ schema }: Observation): FingerprintSummary {
  if (schema === null) throw new ReleaseError('INTERNAL', 'the schema was not asked for');
  return schema;
}
