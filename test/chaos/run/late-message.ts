import { z } from 'zod';
import { pause } from '../../../src/embedded/wait';
import { SHOP } from '../shop/databases';
import { inputsOf } from '../world/history';
import { insist } from '../world/insist';
import { makeLateAttempt } from '../world/late-attempt';
import type { Blow } from './strike';

const Asked = z.object({ hold: z.object({ claim: z.number(), ordinal: z.number() }) });

const ATTEMPT = /^one-roof claim (\d+)\.(\d+) /;

/**
 * The worker is killed while its message is under way, and the server is not told: the message arrives when another attempt may
 * have begun. Whatever it is, if it is no COMMIT it must commit nothing.
 */
export async function lateMessage({ trial, hit: { held }, luck }: Blow): Promise<void> {
  const { world } = trial;
  if (held === undefined) return;
  await world.kill('worker');
  const isLate = luck.chance(0.5);
  if (isLate) {
    await world.revive();
    await pause(8_000 + Math.floor(luck.next() * 4_000)); // the dead worker is missed after ten seconds
  }
  await held.arrive();
  const [, claim, ordinal] = ATTEMPT.exec(held.application) ?? [];
  if (held.sql !== 'commit' && claim !== undefined) {
    const rows = await insist('a look at the ledger', () =>
      world.sql(
        SHOP,
        'select tier from one_roof.ledger where claim = $1 and ordinal = $2 and finished_at is not null',
        [claim, ordinal],
      ),
    );
    if (rows.length > 0)
      trial.violations.push(
        `attempt ${claim}.${ordinal ?? ''} of a dead worker committed, and nobody sent COMMIT`,
      );
  }
  if (!isLate) await world.revive();
  held.cut();
}

/**
 * A worker that was paused before it connected, and hears nothing of what was decided since, makes an attempt to apply that its
 * workflow has given up. It must be refused: what it would commit nobody rolls back.
 */
export async function lateAttempt({ trial, hit: { held }, luck }: Blow): Promise<void> {
  const [first] = trial.started;
  if (first === undefined) return;
  const asked = await insist('the attempts so far', () => inputsOf(trial.world, first.id, 'applyTier'));
  const rows = await insist('the ledger', () =>
    trial.world.sql(SHOP, 'select claim, ordinal from one_roof.ledger'),
  );
  const made = new Set(rows.map((row) => `${String(row['claim'])}.${String(row['ordinal'])}`));
  const givenUp = asked.filter((each) => {
    const { hold } = Asked.parse(JSON.parse(each));
    return !made.has(`${hold.claim}.${hold.ordinal}`);
  });
  if (givenUp.length === 0) return; // every attempt has come to its end
  const outcome = await makeLateAttempt(trial.world, luck.pick(givenUp));
  if (outcome === 'applied') trial.violations.push('an attempt that was given up has committed');
  held?.letGo();
}
