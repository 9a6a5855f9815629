import type { StatementMeasure } from '../../core/schema/attempt';
import type { LockHeld } from '../../core/schema/blast';
import type { Progress } from '../../core/schema/heartbeat';
import type { SqlStatement } from '../../core/schema/statement';
import type { AttemptWork } from '../attempt-work';
import type { KeyRange } from './key-range';
import type { Did } from './run-batch';

/** What an attempt has done so far, and how long it will still take. */
export class Tally {
  batches = 0;
  walBytes = 0;
  /** Of the statements alone, without the pauses between them. */
  ms = 0;
  private rows = 0;
  private keys = 0;
  private readonly locks = new Map<string, LockHeld>();
  private readonly startedAt = performance.now();

  /** `passed`: keys that earlier attempts have passed; `total`: about how many there are, 0 where it is not known. */
  constructor(
    private readonly work: AttemptWork,
    private readonly passed: number,
    private readonly total: number,
  ) {}

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  add({ keys }: KeyRange, did: Did): void {
    this.batches += 1;
    this.keys += keys;
    this.ms += did.ms;
    this.rows += did.rows;
    this.walBytes += did.walBytes;
    for (const lock of did.locks) this.keep(lock);
  }

  /** Each batch locks anew: the longest time counts. */
  private keep(lock: LockHeld): void {
    const key = `${lock.relation} ${lock.mode}`;
    if ((this.locks.get(key)?.heldMs ?? -1) < (lock.heldMs ?? 0)) this.locks.set(key, lock);
  }

  tell(note: string): void {
    const done = this.passed + this.keys;
    const total = this.total === 0 ? 0 : Math.max(this.total, done);
    const progress: Progress = { what: this.work.attempt.tier.id, done, total, unit: 'rows', note };
    this.work.onProgress?.(progress);
  }

  /** `2000 keys in 480 ms, 4100 a second, 3m 20s left`. */
  tellBatch({ keys }: KeyRange, tookMs: number): void {
    const rate = this.keys / Math.max(this.elapsedMs / 1000, 0.001);
    const left = this.total - this.passed - this.keys;
    const eta = this.total > 0 && left > 0 ? [`${inWords(left / rate)} left`] : [];
    const parts = [`${keys} keys in ${Math.round(tookMs)} ms`, `${Math.round(rate)} a second`, ...eta];
    this.tell(parts.join(', '));
  }

  /** One entry for the statement, over all its batches of this attempt. */
  measure({ number, line, text }: SqlStatement): StatementMeasure {
    return {
      number,
      line,
      text: text.replace(/\s+/g, ' ').slice(0, 120),
      ms: this.ms,
      rows: this.rows,
      locks: [...this.locks.values()],
      rewrites: [],
      walBytes: this.walBytes,
    };
  }
}

function inWords(seconds: number): string {
  const whole = Math.max(Math.round(seconds), 1);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}m ${whole % 60}s` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
