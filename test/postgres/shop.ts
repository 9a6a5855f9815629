import { attemptTier } from '../../src/postgres/attempt';
import type { AttemptWork } from '../../src/postgres/attempt-work';
import { closeClaim, takeClaim } from '../../src/postgres/claim';
import { withSession } from '../../src/postgres/session';
import type { Session } from '../../src/postgres/session';
import { urlOf, withClient } from '../support/database';
import {
  NONCE,
  PACKAGE,
  attemptOf,
  endpointOf,
  plannedTier,
  preparedDatabase,
  statements,
} from '../support/prepared';

const REGISTRATION = { kind: 'production', nonce: NONCE } as const;

interface Run {
  readonly ordinal: number;
  readonly sql: readonly string[];
  readonly change?: Partial<AttemptWork['attempt']>;
  readonly probe?: readonly string[];
  readonly nonce?: string;
}

/** A release that holds a prepared database, a fresh one unless one is given. */
export async function openRelease(release: string, existing?: string) {
  const database = existing ?? (await preparedDatabase());
  const { claim } = await inSession(database, (session) =>
    takeClaim(session, claimant(release), REGISTRATION),
  );
  const run = async ({ ordinal, sql, change = {}, probe = [], nonce = NONCE }: Run) => {
    const attempt = attemptOf(plannedTier('10_orders'), { release, claim, ordinal }, change);
    const cut = { statements: statements(...sql), probe: statements(...probe) };
    const work = { attempt, file: '10_orders.sql', ...cut, nonce };
    return (await inSession(database, (session) => attemptTier(session, work))).result;
  };
  return {
    database,
    claim,
    run,
    apply: (ordinal: number, ...sql: readonly string[]) => run({ ordinal, sql }),
    rollBack: (ordinal: number, ...sql: readonly string[]) =>
      run({ ordinal, sql, change: { direction: 'rollback' } }),
    close: () =>
      inSession(database, (session) =>
        closeClaim(session, claimant(release), {
          outcome: 'released',
          claim,
          evidence: null,
          registration: REGISTRATION,
        }),
      ),
    /** As somebody else, who may do all. */
    others: (sql: string) => withClient(urlOf(database), (client) => client.query(sql)),
    count: (what: string) =>
      withClient(urlOf(database), async (client) =>
        Number((await client.query<{ n: string }>(`select count(*) as n from ${what}`)).rows[0]?.n),
      ),
  };
}

export function claimant(release: string) {
  return { release, package: PACKAGE, scope: 'full', requester: 'lead-a' };
}

/** The functions of the database's own that a gate may call here. */
const OPENED = { functions: ['public.counted'] };

/** As the executor. */
export function inSession<T>(database: string, work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(
    endpointOf(database, 'executor'),
    { application: 'one-roof test', lockTimeoutMs: 2000, statementTimeoutMs: 30_000, opened: OPENED },
    work,
  );
}

/** `expect.stringContaining`, which the types of jest give away as any. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}
