import { ApplicationFailure } from '@temporalio/activity';
import type { ToldRelease, ToldWorld } from './told';
import { APPLIED } from './well';
import type { Told } from './well';

/** A target that one release at a time may hold, as its ledger would say. */
export class Target {
  holder: string | null = null;
  /** Who is faster than everybody, and claims in the moment in which it becomes free. */
  thief: string | null = null;
  readonly served: string[] = [];
  private open: () => void = () => undefined;
  private readonly ended = new Promise<void>((resolve) => (this.open = resolve));

  /** The first tier of whoever is first lasts until this is called. */
  letFirstEnd(): void {
    this.open();
  }

  get told(): Told {
    return {
      claimDatabase: ({ claimant: { release } }) => {
        this.holder ??= this.thief;
        if (this.holder !== null && this.holder !== release) throw held(this.holder);
        if (this.holder === null) this.served.push(release);
        this.holder = release;
        return { claim: this.served.length, fingerprint: null };
      },
      applyTier: async ({ hold }) => {
        expect(hold.release).toBe(this.holder);
        if (this.served.length === 1) await this.ended;
        return APPLIED;
      },
      closeClaim: ({ claimant: { release } }) => {
        if (this.holder === release) this.holder = null;
      },
    };
  }
}

/** The ledger's word. */
export function held(by: string): ApplicationFailure {
  const details = [{ code: 'DATABASE_HELD', holder: by, by }];
  return ApplicationFailure.create({
    type: 'DATABASE_HELD',
    message: `release ${by} of lead-a has held this database`,
    nonRetryable: true,
    details,
  });
}

async function approved(world: ToldWorld, target: Target): Promise<ToldRelease> {
  const release = await world.release(target.told);
  await release.atGate();
  await release.signal('approve');
  return release;
}

/** A release whose first tier lasts. */
export async function holdingIn(world: ToldWorld, target: Target): Promise<ToldRelease> {
  const release = await approved(world, target);
  await release.until((status) => status.stage === '10_a');
  return release;
}

/** A release that has found the target held. */
export async function inLineIn(world: ToldWorld, target: Target): Promise<ToldRelease> {
  const release = await approved(world, target);
  await release.until((status) => status.stage === 'in line' && status.waitingFor.length > 0);
  return release;
}
