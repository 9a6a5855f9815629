import type { Opened, PermittedRead } from '../../read-channel/permitted-read';

/** What is asked, and what its target opens. */
export interface Question {
  readonly read: PermittedRead;
  readonly opened: Opened;
}
