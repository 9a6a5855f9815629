import type { Victims } from './process-group';

/** Whom the kill hits, when the tool is run again, and whether the server looks for dead clients. */
export interface Circumstance {
  readonly id: string;
  readonly title: string;
  readonly kills: Victims;
  readonly again: 'when the server is quiet' | 'at once';
  /** For `client_connection_check_interval`; PostgreSQL's default is 0, never: it notices one when it next reads or writes. */
  readonly checkInterval: string;
}

const usual: Circumstance = {
  id: 'quiet',
  title: 'PostgreSQL as it comes; run again when the server is quiet',
  kills: 'every process',
  again: 'when the server is quiet',
  checkInterval: '0',
};

export const CIRCUMSTANCES: readonly Circumstance[] = [
  usual,
  { ...usual, id: 'at once', title: 'PostgreSQL as it comes; run again at once', again: 'at once' },
  {
    ...usual,
    id: 'noticed',
    title: 'A server that looks for dead clients; run again when it is quiet',
    checkInterval: '500ms',
  },
  {
    ...usual,
    id: 'first process',
    title: 'Only the first process of the tool is killed; run again when the server is quiet',
    kills: 'the first process',
  },
];
