import type { Observation } from '../../client/watching';

/** Shows a workflow while it goes on. */
export interface Reporter {
  readonly see: (observation: Observation) => void;
  /** Leaves the terminal as it should be. */
  readonly close: () => Promise<void>;
}
