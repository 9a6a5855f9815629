import { defineSignal, setHandler } from '@temporalio/workflow';
import { isAnswered } from '../core/rules/judge-act';
import { isControl } from '../core/rules/payload-guard';
import type { ActName, ControlPayload } from '../core/schema/act';
import { ActRecord } from './act-record';
import { faultOf, mangled } from './act-payload';

const ACTS: readonly ActName[] = [
  'abort',
  'approve',
  'openGate',
  'reject',
  'withdraw',
  'closeGate',
  'pause',
  'resume',
  'decide',
];

/** Answers every human act: whoever says who they are may end it; there is nothing else to be decided about it. */
export class AbortOnly {
  private readonly acts = new ActRecord();
  private first: ControlPayload | null = null;

  /** `what`: `a rehearsal`. */
  constructor(
    private readonly what: string,
    onAbort: () => void,
  ) {
    this.acts.listen();
    for (const act of ACTS)
      setHandler(defineSignal<[unknown]>(act), (payload) => {
        if (this.hear(act, payload)) onAbort();
      });
  }

  /** The act that ended it. */
  get act(): ControlPayload | null {
    return this.first;
  }

  /** Who stopped it, and why. */
  get words(): string | null {
    return this.first === null ? null : `${this.first.as}: ${this.first.reason}`;
  }

  /** @returns whether it ends */
  private hear(act: ActName, payload: unknown): boolean {
    const fault =
      act === 'abort' ? faultOf(act, payload) : `${this.what} has no gate: it can be aborted, that is all`;
    if (fault !== undefined || !isControl(payload)) {
      this.acts.add(act, mangled(payload), { accepted: false, reason: fault ?? '' });
      return false;
    }
    if (isAnswered(this.acts.all, payload.key)) return false;
    this.acts.add(act, payload, { accepted: true });
    this.first ??= payload;
    return true;
  }
}
