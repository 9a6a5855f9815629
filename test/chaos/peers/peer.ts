import type { Client } from 'pg';
import type { Command } from './process-group';
import type { Server } from './server';

/** A change as SQL; each peer writes it into the file that its own documentation asks for. */
export interface Change {
  /** `in one transaction` is every peer's default; `outside` is what it documents for statements that refuse one. */
  readonly runs: 'in one transaction' | 'outside a transaction';
  readonly apply: string;
  /** Fails where the change is not there; only Sqitch has a place for it. */
  readonly verify: string;
  readonly undo: string;
  /** The same as a backfill by keys, for a tool that has such a thing: one statement for the rows from $1 to $2. */
  readonly keyset?: {
    readonly table: string;
    readonly key: string;
    readonly apply: string;
    readonly undo: string;
  };
}

/** What all peers share: the server, a folder for installed tools, and an environment without anybody's credentials. */
export interface Workshop {
  readonly server: Server;
  readonly tools: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A peer's project in a folder of its own, and the database that it changes. */
export interface Place {
  readonly workshop: Workshop;
  readonly folder: string;
  readonly database: string;
}

/**
 * One tool, used as its own documentation says. A trial copies the folder and the database that `begin` has left, calls
 * `add` for the change under test, then `run` as often as it likes.
 */
export interface Peer {
  readonly name: string;
  /** The command line of `run`, as a person types it. */
  readonly typed: string;
  /** Makes the tool usable, or throws with what to type. */
  install(workshop: Workshop): Promise<void>;
  /** Ends what `install` has started. */
  uninstall?(workshop: Workshop): Promise<void>;
  version(workshop: Workshop): Promise<string>;
  /** A new project whose first change is applied to the database. */
  begin(place: Place, first: Change): Promise<void>;
  /** Adds the second change to the project without applying it. */
  add(place: Place, change: Change): Promise<void>;
  run(place: Place): Command;
  /** Does the tool's own table say that the second change is done? */
  isRecorded(database: Client): Promise<boolean>;
  /** The documented command that records a change as done without running it, where there is one. */
  adopt?(place: Place): Command;
}
