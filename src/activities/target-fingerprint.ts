import { milliseconds } from '../core/rules/milliseconds';
import { hiddenColumns } from '../core/rules/resolve-masking';
import { schemaDelta } from '../core/rules/schema-delta';
import type { RehearsedFingerprints, SchemaDelta } from '../core/schema/delta';
import { Fingerprint } from '../core/schema/fingerprint';
import type { Observation } from '../core/schema/observation';
import type { ReadResult } from '../postgres/read-only';
import { summarize } from '../postgres/fingerprint/summary';
import { takeFingerprint } from '../postgres/fingerprint/take';
import { reading } from './reading';
import type { Reader } from './reading';
import { policyOf } from './world';
import type { World } from './world';

/** By what a release's change of the schema is measured; documents in the store. */
export interface ExpectedFrom {
  readonly rehearsed: RehearsedFingerprints;
  readonly entry: string;
}

interface Wanted {
  readonly tables?: readonly string[];
  readonly expected?: ExpectedFrom;
}

/** However long the policy allows: the activity has two minutes. */
const LONGEST_MS = 60_000;

/**
 * A production target in one snapshot: the catalog, which a rollback must return to, and the rows of `tables` as far as there
 * is time. The whole of it goes to the store.
 */
export async function fingerprintTarget(
  world: World,
  reader: Reader,
  { tables = [], expected }: Wanted,
): Promise<ReadResult<Pick<Observation, 'schema' | 'unread' | 'delta'>>> {
  const unread: string[] = [];
  const policy = policyOf(world, reader.database);
  const hides = hiddenColumns(policy.masking);
  const ms = Math.min(milliseconds(policy.fingerprintBudget), LONGEST_MS);
  const budget = { ms, unread: (table: string, why: string) => unread.push(`${table}: ${why}`) };
  const { value: fingerprint, mutations } = await reading(
    world,
    reader,
    (session) =>
      takeFingerprint(session.client, { contents: tables.length === 0 ? 'none' : tables, hides, budget }),
    'one',
  );
  const schema = { ...summarize(fingerprint), ref: await world.store.putDocument(fingerprint) };
  const delta = expected === undefined ? {} : { delta: await deltaOf(world, fingerprint, expected) };
  return { value: { schema, ...(unread.length === 0 ? {} : { unread }), ...delta }, mutations };
}

async function deltaOf(
  world: World,
  exit: Fingerprint,
  { rehearsed, entry }: ExpectedFrom,
): Promise<SchemaDelta> {
  const read = async (ref: string): Promise<Fingerprint> =>
    Fingerprint.parse(await world.store.readDocument(ref));
  return schemaDelta(
    {
      source: await read(rehearsed.source),
      before: await read(rehearsed.before),
      applied: await read(rehearsed.applied),
    },
    { entry: await read(entry), exit },
  );
}
