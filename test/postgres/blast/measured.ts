import type { StatementMeasure, TierAttempt } from '../../../src/core/schema/attempt';
import type { TierBlast } from '../../../src/core/schema/blast';
import type { BudgetRule } from '../../../src/core/schema/budget';
import { attemptTier } from '../../../src/postgres/attempt';
import type { Attempted } from '../../../src/postgres/attempt-work';
import { takeClaim } from '../../../src/postgres/claim';
import type { Beside } from '../../../src/postgres/onlooker';
import { withSession } from '../../../src/postgres/session';
import { stoppable } from '../../../src/postgres/stopper';
import { freshDatabase, urlOf, withClient } from '../../support/database';
import {
  NONCE,
  attemptOf,
  endpointOf,
  plannedTier,
  preparedDatabase,
  statements,
} from '../../support/prepared';
import { claimant, inSession } from '../shop';
import { SHOP } from './shop';

let template: Promise<string> | undefined;

/** A copy of the shop of its own. */
export async function freshShop(setUp = ''): Promise<string> {
  template ??= shopTemplate();
  const database = await freshDatabase('blast', await template);
  if (setUp !== '')
    await withClient(urlOf(database), async (client) => {
      await client.query('set role one_roof_executor');
      await client.query(setUp);
    });
  return database;
}

async function shopTemplate(): Promise<string> {
  const database = await preparedDatabase(SHOP);
  await withClient(urlOf(database), (client) =>
    client.query('create schema elsewhere authorization one_roof_executor'),
  );
  return database;
}

export interface Applied {
  readonly measures: readonly StatementMeasure[];
  readonly blast: TierBlast;
}

/** Applies statements as one tier, as a release does. */
export async function applied(database: string, ...sql: readonly string[]): Promise<Applied> {
  const { result, measures } = await attempted(database, sql);
  if (!('blast' in result) || result.blast === undefined) throw new Error(`it ended as ${result.outcome}`);
  return { measures, blast: result.blast };
}

export interface Under {
  readonly budget?: BudgetRule;
  readonly change?: Partial<TierAttempt>;
}

/** The same under a budget. */
export async function attempted(
  database: string,
  sql: readonly string[],
  { budget, change = {} }: Under = {},
): Promise<Attempted> {
  const registration = { kind: 'production', nonce: NONCE } as const;
  const { claim } = await inSession(database, (session) => takeClaim(session, claimant('r'), registration));
  const rules = budget === undefined ? {} : { budget };
  const attempt = attemptOf(plannedTier('10_orders', rules), { release: 'r', claim, ordinal: 1 }, change);
  const work = { attempt, file: '10.sql', statements: statements(...sql), probe: [], nonce: NONCE };
  const settings = { application: 'one-roof test', lockTimeoutMs: 2_000, statementTimeoutMs: 90_000 };
  const endpoint = endpointOf(database, 'executor');
  const beside: Beside = (look) => withSession(endpoint, { ...settings, readOnly: true }, look);
  return stoppable((stopper) =>
    withSession(endpoint, { ...settings, signal: stopper.signal }, (session) =>
      attemptTier(session, { ...work, beside, stopper }),
    ),
  );
}
