import { attemptTier } from '../../../src/postgres/attempt';
import { takeClaim } from '../../../src/postgres/claim';
import type { StatementMeasure } from '../../../src/core/schema/attempt';
import type { TierBlast } from '../../../src/core/schema/blast';
import { freshDatabase, urlOf, withClient } from '../../support/database';
import { NONCE, attemptOf, plannedTier, preparedDatabase, statements } from '../../support/prepared';
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
  const registration = { kind: 'production', nonce: NONCE } as const;
  const { claim } = await inSession(database, (session) => takeClaim(session, claimant('r'), registration));
  const attempt = attemptOf(plannedTier('10_orders'), { release: 'r', claim, ordinal: 1 });
  const work = { attempt, file: '10.sql', statements: statements(...sql), probe: [], nonce: NONCE };
  const { result, measures } = await inSession(database, (session) => attemptTier(session, work));
  if (!('blast' in result) || result.blast === undefined) throw new Error(`it ended as ${result.outcome}`);
  return { measures, blast: result.blast };
}
