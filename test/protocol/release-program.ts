import { ReleaseError } from '../../src/core/rules/release-error';
import type { Death } from './interleaving';
import { TIERS } from './shop';
import type { Attempt, Doing, Recovers, Shop, Tier } from './shop';

/** What befalls one attempt: its session dies at a message, or its workflow gives it up there and goes on without it. */
export interface Mishap {
  readonly at: number;
  readonly kind: Death | 'given up';
}

/** What a release is to do, and what is to befall it. */
export interface Script {
  readonly id: string;
  /** One after the other for its attempts, its claim and its end; those that follow fare well. */
  readonly mishaps: readonly Mishap[];
  /** After so many tiers a verdict fails it, and it rolls back. */
  readonly failsAfter: number | null;
  /** At its so-many-th message Temporal's terminate ends the workflow; what was under way in the server goes on. */
  readonly terminatedAt: number | null;
}

export type Ended = 'released' | 'rolled back' | 'refused' | 'terminated' | 'lost';

class Terminated extends Error {}

/** A release as its workflow drives it: claim, tier by tier with rising ordinals, compensation, end. DESIGN.md §5, §7. */
export class ReleaseProgram {
  private ordinal = 0;
  private messages = 0;
  private mishap = 0;
  private claim = 0;
  /** Attempts that were given up; they may still be anywhere. */
  readonly zombies: Promise<unknown>[] = [];

  constructor(
    private readonly shop: Shop,
    private readonly script: Script,
  ) {
    this.termination.catch(() => undefined);
  }

  async run(): Promise<Ended> {
    return this.untilTerminated(async () => {
      if (!(await this.takes())) return 'refused';
      const applied = await this.applies();
      const isReleased = applied === TIERS.length;
      if (!isReleased) await this.rollsBack();
      await this.closes(isReleased ? 'released' : 'rolled back');
      return isReleased ? 'released' : 'rolled back';
    });
  }

  /** What `one-roof recover` starts: the same release under a higher claim, unless somebody has taken it since. */
  async recover(choice: 'rollback' | 'go on', by: string): Promise<Ended> {
    const claim = await this.shop.openClaim(this.script.id);
    if (claim === undefined) return 'refused';
    return this.untilTerminated(async () => {
      if (!(await this.takes({ by, claim }))) return 'refused';
      if (choice === 'rollback') await this.rollsBack();
      else await this.applies();
      await this.closes(choice === 'rollback' ? 'rolled back' : 'released');
      return choice === 'rollback' ? 'rolled back' : 'released';
    });
  }

  private async untilTerminated(work: () => Promise<Ended>): Promise<Ended> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Terminated) return 'terminated';
      if (error instanceof ReleaseError && error.code === 'SUPERSEDED') return 'lost';
      throw error;
    }
  }

  private async takes(recovers?: Recovers): Promise<boolean> {
    try {
      this.claim = (await this.insist((doing) => this.shop.claim(doing, recovers))).claim;
      return true;
    } catch (error) {
      if (!(error instanceof ReleaseError)) throw error;
      if (error.code !== 'DATABASE_HELD' && error.code !== 'RELEASE_CLOSED') throw error;
      if (error.code === 'DATABASE_HELD') await this.closes('refused', null);
      return false;
    }
  }

  /** @returns how many are in effect when it ends */
  private async applies(): Promise<number> {
    const last = this.script.failsAfter ?? TIERS.length;
    for (const tier of TIERS.slice(0, last)) await this.attempt(tier, 'apply');
    return last;
  }

  /** Every tier that it may have applied: the ledger knows. */
  private async rollsBack(): Promise<void> {
    for (const tier of [...TIERS].reverse()) await this.attempt(tier, 'rollback');
  }

  private async closes(outcome: string, claim: number | null = this.claim): Promise<void> {
    await this.insist((doing) => this.shop.finish(doing, { outcome, claim }));
  }

  private async attempt(tier: Tier, direction: Attempt['direction']): Promise<void> {
    const done = await this.insist((doing) => {
      this.ordinal += 1;
      return this.shop.attempt(doing, { tier, direction, claim: this.claim, ordinal: this.ordinal });
    });
    const fits = direction === 'apply' ? /^(already )?applied$/ : /^(rolled back|not applied)$/;
    if (!fits.test(done)) throw new Error(`${direction} of ${tier} ended as ${done}`);
  }

  /** Again and again until there is an answer, as the workflow does; each time with the next mishap. */
  private async insist<T>(work: (doing: Doing) => Promise<T>): Promise<T> {
    for (;;) {
      const mishap = this.script.mishaps[this.mishap++];
      const givenUp = new Promise<'given up'>((resolve) => this.onGivenUp(mishap, resolve));
      const doing = this.doing(mishap);
      const working = work(doing);
      this.zombies.push(working.catch(() => undefined));
      try {
        const done = await Promise.race([working, givenUp, this.termination]);
        if (done !== 'given up') return done;
      } catch (error) {
        if (!(error instanceof ReleaseError) || !isRetryable(error)) throw error;
      }
    }
  }

  private giveUp: () => void = () => undefined;
  private terminate: () => void = () => undefined;
  private readonly termination = new Promise<never>((_, reject) => {
    this.terminate = () => reject(new Terminated());
  });

  private onGivenUp(mishap: Mishap | undefined, resolve: (value: 'given up') => void): void {
    this.giveUp = mishap?.kind === 'given up' ? () => resolve('given up') : () => undefined;
  }

  private doing(mishap: Mishap | undefined): Doing {
    const giveUp = this.giveUp;
    return {
      release: this.script.id,
      ...(mishap === undefined || mishap.kind === 'given up'
        ? {}
        : { fault: { at: mishap.at, death: mishap.kind } }),
      onStep: (step) => {
        this.messages += 1;
        if (this.messages === this.script.terminatedAt) this.terminate();
        if (step === mishap?.at) giveUp();
      },
    };
  }
}

function isRetryable({ code }: ReleaseError): boolean {
  return code === 'SESSION_LOST' || code === 'LOCK_TIMEOUT' || code === 'SERIALIZATION';
}
