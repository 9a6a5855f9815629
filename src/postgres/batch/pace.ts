import { setTimeout as wait } from 'node:timers/promises';
import { nextBatchSize, smallerBatchSize } from '../../core/rules/batch-size';
import { milliseconds } from '../../core/rules/milliseconds';
import type { BatchRule } from '../../core/schema/descriptor';
import { asReleaseError } from '../errors';
import type { Session } from '../session';

/** So often is a batch tried again after a conflict, before the workflow begins another attempt. */
const MOST_CONFLICTS = 5;
const FIRST_PAUSE_MS = 100;
const LAG_POLL_MS = 500;

/**
 * The replica that is furthest behind, if any has not replayed what was written before $1, or says by itself that it is later
 * than $2 ms: `replay_lag` is told only when something has been replayed. All is null to a role without pg_read_all_stats.
 */
const BEHIND = `
select pg_catalog.pg_current_wal_flush_lsn()::text as now, r.replica, r.ms
  from (select) one left join lateral (
       select coalesce(nullif(application_name, ''), client_addr::text, 'pid ' || pid) as replica,
              (extract(epoch from replay_lag) * 1000)::int8 as ms
         from pg_catalog.pg_stat_replication
        where replay_lsn < $1::pg_lsn or replay_lag > pg_catalog.make_interval(secs => $2::float8 / 1000)
        order by replay_lsn limit 1) r on true`;

/** How far the server had written, and when that was seen. */
interface Mark {
  readonly lsn: string;
  readonly at: number;
}

/** How large batches are, and when there is none for a while. */
export class Pace {
  private conflicts = 0;
  private marks: readonly Mark[] = [];
  private readonly durationMs: number;
  private readonly lagMs: number;

  constructor(
    rule: BatchRule,
    public size = rule.size,
  ) {
    this.durationMs = milliseconds(rule.duration);
    this.lagMs = milliseconds(rule.replicaLag);
  }

  /** After a batch. */
  adapt(tookMs: number): void {
    this.conflicts = 0;
    this.size = nextBatchSize(this.size, tookMs, this.durationMs);
  }

  /** After a batch that met somebody else's lock: fewer rows, after a while. @throws what it was when it is no conflict, or one too many */
  async backOff(error: unknown, tell: (note: string) => void): Promise<void> {
    if (!isConflict(error) || this.conflicts >= MOST_CONFLICTS) throw error;
    this.conflicts += 1;
    this.size = smallerBatchSize(this.size);
    tell(`met a lock: again with ${this.size} keys, ${this.conflicts} of ${MOST_CONFLICTS}`);
    const longest = FIRST_PAUSE_MS * 2 ** this.conflicts;
    await wait(longest * (0.5 + Math.random() / 2)); // jitter: two that met do not meet again
  }

  /** With no transaction open: as long as a replica is further behind than the tier bears. */
  async waitForReplicas(session: Session, tell: (note: string) => void): Promise<void> {
    for (;;) {
      const due = this.marks.findLast(({ at }) => performance.now() - at > this.lagMs);
      const [row = {}] = (await session.query(BEHIND, [due?.lsn ?? null, this.lagMs])).rows;
      this.remember({ lsn: String(row['now']), at: performance.now() }, due);
      if (typeof row['replica'] !== 'string') return;
      const ms = Math.max(Number(row['ms'] ?? 0), due === undefined ? 0 : performance.now() - due.at);
      const behind = `${(ms / 1000).toFixed(1)} s behind`;
      tell(`pauses: replica ${row['replica']} is ${behind}, at most ${this.lagMs / 1000} s`);
      await wait(LAG_POLL_MS);
    }
  }

  /** What is older than the one that is due tells nothing more. */
  private remember(mark: Mark, due: Mark | undefined): void {
    this.marks = [...this.marks.filter(({ at }) => due === undefined || at >= due.at), mark];
  }
}

function isConflict(error: unknown): boolean {
  const { code } = asReleaseError(error);
  return code === 'LOCK_TIMEOUT' || code === 'SERIALIZATION';
}
