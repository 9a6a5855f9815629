import { waitUntil } from '../../../src/embedded/wait';
import { SHOP } from '../shop/databases';
import { insist } from '../world/insist';
import { signal, start, standingOf } from './people';
import { RELEASE_ORDER } from './stocked';
import type { Blow } from './strike';
import type { Trial } from './trial';

const SESSIONS_END_MS = 30_000;

/** A person's abort, or Temporal's own cancel. */
export async function endWorkflow({ trial, hit: { held } }: Blow, how: 'abort' | 'cancel'): Promise<void> {
  const [first] = trial.started;
  if (first === undefined) return;
  const { world } = trial;
  await insist(`the ${how}`, async () => {
    if ((await standingOf(world, first)) !== 'RUNNING') return;
    if (how === 'abort') await signal(world, first, { act: 'abort', payload: { as: 'lead-b' } });
    else await world.temporal.workflow.getHandle(first.id).cancel();
  });
  held?.letGo();
}

/** Temporal's terminate leaves no time to compensate; what is found open in the database is taken over. */
export async function recover({ trial, hit: { held }, luck }: Blow): Promise<void> {
  const [first] = trial.started;
  if (first === undefined) return;
  const { world } = trial;
  await insist('the terminate', async () => {
    if ((await standingOf(world, first)) === 'RUNNING')
      await world.temporal.workflow.getHandle(first.id).terminate('chaos');
  });
  trial.terminated.add(first.id);
  held?.letGo();
  await waitUntil(() => hasNoSessions(trial), SESSIONS_END_MS);
  const open = await insist('a look for what is open', () =>
    world.sql(SHOP, `select id, claim from one_roof.release where state = 'open'`),
  );
  if (open.length === 0) return;
  const choice = luck.pick(['rollback', 'go on']);
  trial.notes.push(`recovered: ${choice}`);
  const order = {
    ...RELEASE_ORDER,
    recovers: { release: first.id, claim: Number(open[0]?.['claim']), choice },
  };
  trial.started.push(await start(world, 'release', { package: first.package, order }));
}

/** What writes has ended: the claim, an attempt, the close. */
async function hasNoSessions({ world }: Trial): Promise<boolean> {
  const rows = await insist('a look at the sessions', () =>
    world.sql(
      'postgres',
      `select 1 from pg_stat_activity where datname = $1 and application_name ~ '^one-roof cl'`,
      [SHOP],
    ),
  );
  return rows.length === 0;
}

/** Somebody else releases the same package to the same target, at the same time. */
export async function secondRelease({ trial, hit: { held } }: Blow): Promise<void> {
  const [first] = trial.started;
  if (first === undefined) return;
  trial.started.push(await start(trial.world, 'release', { package: first.package, order: RELEASE_ORDER }));
  held?.letGo();
}
