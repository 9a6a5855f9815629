import type { Readable, Writable } from 'node:stream';
import type { createColors } from 'picocolors';

/** picocolors, on or off for a stream. */
export type Colours = ReturnType<typeof createColors>;

/** What commands see of the terminal; results go to stdout by `main` alone. */
export interface Terminal {
  /** For text on stdout: on a terminal, unless NO_COLOR is set. */
  readonly colours: Colours;
  /** A person can be asked: stdin and stderr are terminals. */
  readonly canAsk: boolean;
  /** Results and moving pictures reach a person: stdout is a terminal and `--json` was not given. */
  readonly showsPictures: boolean;
  /** How large the terminal is that results go to; undefined where stdout is none. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
  readonly input: {
    readonly isTerminal: boolean;
    /** Stdin, from its beginning. */
    readonly stream: () => AsyncIterable<unknown>;
  };
  /** Stdin and stdout, for a protocol: from now on nothing else is written there. */
  readonly protocol: () => { readonly input: Readable; readonly output: Writable };
  /** A line to stderr: progress, warnings, what a person should know beside the result. */
  readonly note: (line: string) => void;
  /** A piece of a stream to stdout, for commands that follow something. */
  readonly stream: (text: string) => void;
  /** Asks on stderr and reads a line. */
  readonly ask: (question: string) => Promise<string>;
}
