import { defineQuery, setHandler } from '@temporalio/workflow';
import { QUERIES } from '../core/rules/contract';
import type { Judgement } from '../core/rules/judge-act';
import type { ActName, ControlPayload, RecordedAct } from '../core/schema/act';

/** More acts than anybody needs; beyond it the oldest refused one is forgotten for each new one. */
const MOST_ACTS = 400;

/** Every human act with its answer, accepted or refused and why; whoever sent it finds it by its key (query `acts`). */
export class ActRecord {
  readonly all: RecordedAct[] = [];

  listen(): void {
    setHandler(defineQuery<readonly RecordedAct[]>(QUERIES.acts), () => this.all);
  }

  add(act: ActName, payload: ControlPayload & { gate?: string }, judgement: Judgement): void {
    const { key, as, gate } = payload;
    if (this.all.length >= MOST_ACTS) this.forgetOneRefused();
    this.all.push({
      key,
      act,
      as,
      at: new Date().toISOString(),
      accepted: judgement.accepted,
      reason: judgement.accepted ? payload.reason : judgement.reason,
      ...(gate === undefined ? {} : { gate }),
    });
  }

  /** Whoever floods a release with refused acts must not outgrow its evidence. */
  private forgetOneRefused(): void {
    const index = this.all.findIndex((act) => !act.accepted);
    if (index !== -1) this.all.splice(index, 1);
  }
}
