import type { AttemptResult, StatementMeasure, TierAttempt } from '../core/schema/attempt';
import type { Progress } from '../core/schema/heartbeat';
import type { SqlStatement } from '../core/schema/statement';
import type { Beside } from './onlooker';
import type { Stopper } from './stopper';

/** An attempt with the bytes that it may execute, all cut from the audited package. */
export interface AttemptWork {
  readonly attempt: TierAttempt;
  readonly file: string;
  readonly statements: readonly SqlStatement[];
  /** For the rollback of a tier that may have been applied in part: the statements that apply it. */
  readonly applied?: readonly SqlStatement[];
  readonly probe: readonly SqlStatement[];
  readonly nonce: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Opens a second session of the same role, to look on from outside while a statement runs long. */
  readonly beside?: Beside;
  /** Stops the session when the tier's time is over. */
  readonly stopper?: Stopper;
}

/** The result, and what each statement did; the caller keeps the measures in the store. */
export interface Attempted {
  readonly result: AttemptResult;
  readonly measures: readonly StatementMeasure[];
  /** By performance.now(): when the first statement began, whose locks are held until the transaction's end. */
  readonly beganAt?: number;
}
