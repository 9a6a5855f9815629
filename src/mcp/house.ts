import type { Asker } from '../asking/ask';
import type { MonitorState } from '../core/schema/monitor';
import type { ReleasePackage } from '../package/package';

/** What a monitor said of a target's gates, or why nobody said anything. */
export type MonitorWord = { readonly state: MonitorState } | { readonly silent: string };

/** All that the server may reach: it is given this when it starts, and no word of a model adds to it. */
export interface House {
  readonly asker: Omit<Asker, 'signal' | 'caller'>;
  /** The user of the operating system, in whose name everything is asked. */
  readonly who: string;
  /** Names of databases; at least one. */
  readonly targets: readonly [string, ...string[]];
  /** By their names, as they were when the server started. */
  readonly packages: ReadonlyMap<string, ReleasePackage>;
  readonly monitorOf: (target: string) => Promise<MonitorWord>;
  /** A line for people, never to stdout. */
  readonly log: (line: string) => void;
}
