import type { Step } from './step';

/** One statement cut from a file of the package: an exact slice of its bytes. Lines and columns count from 1. */
export interface SqlStatement {
  readonly number: number;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** Of a statement that only reads: the file, for whoever is told what is wrong with it. */
  readonly file?: string;
  /** Of a tier outside transactions: how it converges. */
  readonly step?: Step;
}
