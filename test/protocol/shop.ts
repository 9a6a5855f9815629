import { attemptTier } from '../../src/postgres/attempt';
import { closeClaim, takeClaim } from '../../src/postgres/claim';
import type { Claim } from '../../src/postgres/claim';
import { attemptApplication } from '../../src/postgres/session-lock';
import { withSession } from '../../src/postgres/session';
import type { Session } from '../../src/postgres/session';
import { freshDatabase, urlOf, withClient } from '../support/database';
import { NONCE, attemptOf, endpointOf, plannedTier, preparedDatabase, statements } from '../support/prepared';
import type { Fault, Interleaving } from './interleaving';

const REGISTRATION = { kind: 'production', nonce: NONCE } as const;
const LIMITS = { lockTimeoutMs: 1_000, statementTimeoutMs: 10_000 } as const;

/** What each tier does more than once if it is applied more than once. */
export const TIERS = ['10_a', '20_b', '30_c'] as const;
export type Tier = (typeof TIERS)[number];

/** A counter for each tier. */
const COUNTERS = `create table counter (tier text primary key, n int not null);
insert into counter values ${TIERS.map((tier) => `('${tier}', 0)`).join(', ')}`;

export function templateDatabase(): Promise<string> {
  return preparedDatabase(COUNTERS);
}

/** Who does something to the database, and what befalls him. */
export interface Doing {
  readonly release: string;
  readonly fault?: Fault | undefined;
  readonly onStep?: (step: number) => void;
}

/** A database in which several releases take turns. */
export class Shop {
  private constructor(
    readonly database: string,
    private readonly turns: () => Interleaving,
    private readonly around: (session: Session) => Session,
  ) {}

  /** `around`: what stands between the protocol and the server, to take a protection out. */
  static async open(
    template: string,
    turns: () => Interleaving,
    around: (session: Session) => Session,
  ): Promise<Shop> {
    return new Shop(await freshDatabase('protocol', template), turns, around);
  }

  async close(): Promise<void> {
    await withClient(urlOf('postgres'), (client) =>
      client.query(`drop database "${this.database}" with (force)`),
    );
  }

  claim(doing: Doing, recovers: Recovers | undefined): Promise<Claim> {
    const claimant = { ...claimantOf(doing.release), ...(recovers === undefined ? {} : { recovers }) };
    return this.within(doing, 'claims', (session) => takeClaim(session, claimant, REGISTRATION));
  }

  /** What a person finds who looks for a terminated release; undefined: it is not open. */
  async openClaim(release: string): Promise<number | undefined> {
    const sql = `select claim::int from one_roof.release where id = $1 and state = 'open'`;
    const look = (): Promise<number | undefined> =>
      withClient(
        urlOf(this.database),
        async (client) => (await client.query<{ claim: number }>(sql, [release])).rows[0]?.claim,
      );
    return this.turns().run(look);
  }

  finish(doing: Doing, end: { outcome: string; claim: number | null }): Promise<void> {
    const closing = { ...end, evidence: null, registration: REGISTRATION };
    return this.within(doing, 'closes', (session) => closeClaim(session, claimantOf(doing.release), closing));
  }

  async attempt(
    doing: Doing,
    { tier, direction, claim, ordinal }: Attempt,
  ): Promise<'applied' | 'rolled back' | 'already applied' | 'not applied' | 'gate closed'> {
    const hold = { release: doing.release, claim, ordinal };
    const change = direction === 'apply' ? 1 : -1;
    const work = {
      attempt: attemptOf(plannedTier(tier), hold, { direction }),
      file: `${tier}.sql`,
      statements: statements(
        `update counter set n = n + ${change} where tier = '${tier}'`,
        `select count(*) from counter`,
      ),
      probe: [],
      nonce: NONCE,
    };
    const application = attemptApplication(hold, tier);
    const { result } = await this.within(doing, application, (session) => attemptTier(session, work));
    return result.outcome;
  }

  private async within<T>(
    doing: Doing,
    application: string,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const settings = {
      application: application.startsWith('one-roof') ? application : `one-roof ${application}`,
      ...LIMITS,
    };
    const turns = this.turns();
    return turns.run((mover) =>
      // a worker may be paused before it has connected
      withSession(endpointOf(this.database, 'executor'), settings, (session) =>
        work(this.around(turns.session(session, mover, doing))),
      ),
    );
  }
}

/** Which workflow takes a terminated release over, and from which claim. */
export interface Recovers {
  readonly by: string;
  readonly claim: number;
}

export interface Attempt {
  readonly tier: Tier;
  readonly direction: 'apply' | 'rollback';
  readonly claim: number;
  readonly ordinal: number;
}

function claimantOf(release: string) {
  const ref = { name: 'shop', version: '1', digest: 'a'.repeat(64) };
  return { release, package: ref, scope: 'full', requester: 'lead-a' };
}
