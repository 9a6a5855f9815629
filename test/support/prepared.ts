import { prepareSql } from '../../src/postgres/prepare';
import type { Endpoint } from '../../src/postgres/endpoint';
import type { PackageRef, PlannedTier } from '../../src/core/schema/plan';
import type { SqlStatement } from '../../src/core/schema/statement';
import type { TierAttempt } from '../../src/core/schema/attempt';
import { freshDatabase, urlOf, withClient } from './database';

export const NONCE = 'nonce-of-the-test-target';
const ROLES = {
  reader: 'one_roof_reader',
  cloner: 'one_roof_cloner',
  executor: 'one_roof_executor',
} as const;
const PASSWORD = 'of the tests only';

/** A fresh database that a DBA has prepared, with the executor allowed to create and change things in `public`. */
export async function preparedDatabase(sql = ''): Promise<string> {
  const name = await freshDatabase('target');
  await withClient(urlOf('postgres'), async (cluster) => {
    await cluster.query('select pg_advisory_lock(7)'); // roles belong to the cluster: test files prepare one after the other
    await prepare(name, sql);
  });
  return name;
}

async function prepare(name: string, sql: string): Promise<void> {
  await withClient(urlOf(name), async (client) => {
    await client.query(prepareSql({ name: 'test', kind: 'production', nonce: NONCE }, ROLES));
    for (const role of Object.values(ROLES)) await client.query(`alter role ${role} password '${PASSWORD}'`);
    await client.query('grant create, usage on schema public to one_roof_executor');
    await client.query(
      'alter default privileges for role one_roof_executor grant select on tables to one_roof_reader, one_roof_cloner',
    );
    await client.query('set role one_roof_executor');
    if (sql !== '') await client.query(sql);
  });
}

/** Where a role of One-Roof connects in the tests. */
export function endpointOf(database: string, role: keyof typeof ROLES): Endpoint {
  const url = new URL(urlOf(database));
  return { host: url.hostname, port: Number(url.port), database, user: ROLES[role], password: PASSWORD };
}

export const PACKAGE: PackageRef = { name: 'shop', version: '1', digest: 'a'.repeat(64) };

/** A tier of one file, as a plan has it. */
export function plannedTier(id: string, rules: Partial<PlannedTier['rules']> = {}): PlannedTier {
  return {
    id,
    apply: {
      path: `${id}.sql`,
      sha256: id
        .replaceAll(/[^0-9a-f]/g, '')
        .padEnd(64, '0')
        .slice(0, 64),
    },
    rollback: { path: 'rollback.sql', sha256: 'b'.repeat(64) },
    irreversible: null,
    statements: 1,
    rules: {
      id,
      apply: `${id}.sql`,
      rollback: 'rollback.sql',
      expect: {},
      inert: [],
      repeatable: false,
      transaction: true,
      lockTimeout: '2s',
      statementTimeout: '1h',
      ...rules,
    },
  };
}

/** An attempt to apply; `change` says what is different about it. */
export function attemptOf(
  tier: PlannedTier,
  hold: TierAttempt['hold'],
  change: Partial<TierAttempt> = {},
): TierAttempt {
  return {
    database: { target: 'test' },
    package: PACKAGE,
    tier,
    hold,
    direction: 'apply',
    gates: [],
    probe: null,
    registration: 'production',
    repeat: false,
    ...change,
  };
}

/** Statements as the package adapter cuts them, one a line. */
export function statements(...texts: readonly string[]): readonly SqlStatement[] {
  return texts.map((text, index) => ({ number: index + 1, text, line: index + 1, column: 1 }));
}
