import type { Sight } from '../activities/readings';
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
  /** The rows of the tables that the release touches, beside the schema. */
  readonly touched?: boolean;
  /** The change of the schema since before the first tier, against the rehearsal's. */
  readonly delta?: boolean;
}

/** The probe's metrics and the schema digest. */
export const FIGURES: Wanted = { probe: true, schema: true };
/** The same, and what the release may have changed of rows. */
export const TOUCHED: Wanted = { ...FIGURES, touched: true };

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
    ...(wanted.touched === true ? { tables: touchedBy(book) } : {}),
    ...(wanted.delta === true ? expectedFrom(book) : {}),
  });
  const unread = [...(book.record.unread ?? []), ...(observation.unread ?? [])];
  if (unread.length > 0) book.record.unread = [...new Set(unread)];
  if (book.record.fingerprint.before === null) book.record.mutations.beforeGate += observation.mutations;
  return observation;
}

/** The schema of a look that asked for it. */
export function schemaOf({ schema }: Observation): FingerprintSummary {
  if (schema === null) throw new ReleaseError('INTERNAL', 'the schema was not asked for');
  return schema;
}

/** As the rehearsal found them, and those that must not be touched. */
function touchedBy({ rehearsed, known }: ReleaseBook): readonly string[] {
  return [...new Set([...(rehearsed?.touched ?? []), ...known.target.policy.protectedTables])];
}

/** Only where the state before the first tier was seen: one that takes over a terminated release has it from the ledger. */
function expectedFrom({ rehearsed, record, order, returnsTo }: ReleaseBook): Pick<Sight, 'expected'> {
  const entry = order.recovers === undefined ? record.fingerprint.before?.ref : returnsTo;
  if (rehearsed?.fingerprints === undefined || entry === undefined || entry === null) return {};
  return { expected: { rehearsed: rehearsed.fingerprints, entry } };
}
