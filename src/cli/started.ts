import { shortIdOf } from '../core/rules/contract';
import type { CommandResult } from './command';
import { EXIT_CODES } from './exit-codes';

/** What `--detach` says: it has begun, and how to look at it. */
export function startedResult(id: string, kind: 'rehearsal' | 'release'): CommandResult {
  return {
    document: { kind: 'started', workflow: kind, id, shortId: shortIdOf(id) },
    text: `${id} has begun; one-roof watch ${id}`,
    exit: EXIT_CODES.done,
  };
}
