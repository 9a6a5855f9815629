import { Client } from 'pg';
import { urlOf } from '../support/database';
import { TIERS } from './shop';

interface Seen {
  readonly claim: number;
  readonly ordinal: number;
}

/** All that is committed, as one statement sees it. */
const STATE = `
select (select row_to_json(f) from (select claim::int, ordinal::int from one_roof.fence) f) as fence,
       (select coalesce(json_agg(row_to_json(l) order by l.finished_at), '[]')
          from (select claim::int, ordinal::int, tier, direction, finished_at from one_roof.ledger
                 where finished_at is not null) l) as finished,
       (select json_object_agg(tier, n) from counter) as counted,
       (select coalesce(json_agg(tier), '[]') from one_roof.in_effect) as in_effect,
       (select coalesce(json_agg(id), '[]') from one_roof.release where state = 'open') as open`;

interface State {
  readonly fence: Seen;
  readonly finished: readonly Seen[];
  readonly counted: Readonly<Record<string, number>>;
  readonly in_effect: readonly string[];
  readonly open: readonly string[];
}

/** Looks at a database after each turn, and says what must never be. */
export class Witness {
  private fence: Seen = { claim: 0, ordinal: 0 };
  private known = 0;

  private constructor(private readonly client: Client) {}

  static async of(database: string): Promise<Witness> {
    const client = new Client({ connectionString: urlOf(database) });
    await client.connect();
    return new Witness(client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  async state(): Promise<State> {
    const [state] = (await this.client.query<State>(STATE)).rows;
    if (state === undefined) throw new Error('the database says nothing');
    return state;
  }

  /** How many of these processes wait for a lock now. */
  async waiting(pids: readonly number[]): Promise<number> {
    const sql = `select count(*)::int as n from pg_stat_activity where pid = any($1) and wait_event_type = 'Lock'`;
    return (await this.client.query<{ n: number }>(sql, [pids])).rows[0]?.n ?? 0;
  }

  /** @throws what is wrong: an effect without its record, or twice; a commit of an attempt that had been overtaken */
  async look(): Promise<void> {
    const state = await this.state();
    for (const tier of TIERS) {
      const wanted = state.in_effect.includes(tier) ? 1 : 0;
      if (state.counted[tier] !== wanted)
        throw new Error(`${tier} is there ${state.counted[tier] ?? 0} times, and the ledger says ${wanted}`);
    }
    const late = state.finished.slice(this.known).find((row) => isBefore(row, this.fence));
    if (late !== undefined)
      throw new Error(
        `attempt ${late.claim}.${late.ordinal} committed after ${this.fence.claim}.${this.fence.ordinal} had begun`,
      );
    this.fence = state.fence;
    this.known = state.finished.length;
  }
}

function isBefore(one: Seen, other: Seen): boolean {
  return one.claim < other.claim || (one.claim === other.claim && one.ordinal < other.ordinal);
}
