import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { REMIND_MS } from './reminder';

/** Which acts end the work: an abort always; a pause only where it goes on later from where it stopped. */
export type Heeds = 'abort' | 'abort and pause';

/** The work under way, as far as people may stop it; its activity is cancelled on the server and waited for. */
export class RunningWork {
  private scope: CancellationScope | null = null;
  private heeds: Heeds = 'abort';
  private isInterrupted = false;

  constructor(private readonly said: () => { readonly paused: boolean; readonly stopped: boolean }) {}

  /** Begins when it is not paused, and again after a pause that it heeded. */
  async run<T>(work: () => Promise<T>, heeds: Heeds): Promise<T> {
    for (;;) {
      await this.untilResumed();
      this.heeds = heeds;
      try {
        return await this.runOnce(work);
      } catch (error) {
        if (!this.isInterrupted || this.said().stopped || !isCancellation(error)) throw error;
      }
    }
  }

  /** A timer with a summary, so that the pause stands in the timeline. */
  private async untilResumed(): Promise<void> {
    const mayGoOn = (): boolean => !this.said().paused || this.said().stopped;
    const summary = 'paused: waits for `one-roof resume`';
    while (!mayGoOn()) await condition(mayGoOn, REMIND_MS, { summary });
  }

  pause(): void {
    if (this.scope === null || this.heeds === 'abort') return;
    this.isInterrupted = true;
    this.scope.cancel();
  }

  stop(): void {
    this.scope?.cancel();
  }

  private async runOnce<T>(work: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope({ cancellable: true });
    this.scope = scope;
    this.isInterrupted = false;
    try {
      return await scope.run(async () => {
        if (this.said().stopped) scope.cancel();
        return await work();
      });
    } finally {
      this.scope = null;
    }
  }
}
