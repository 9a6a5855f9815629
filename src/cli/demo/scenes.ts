import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { ReleaseError } from '../../core/rules/release-error';
import { RehearsalOutcome, ReleaseOutcome, Status } from '../../core/schema/outcome';
import type { Stage } from './stage';

const PACKAGE = 'sql/one-roof-governance';
const POLL_MS = 300;

/** Audit, then rehearse on a clone. @returns the rehearsal's outcome */
export async function rehearse(stage: Stage): Promise<RehearsalOutcome> {
  await stage.show(['audit', PACKAGE]);
  const id = await begin(stage, ['rehearse', PACKAGE, '--source', 'production', '--on', 'clone-host']);
  await stage.show(['watch', id]);
  const outcome = RehearsalOutcome.parse(await stage.ask(['report', id, '--format', 'json']));
  verify(
    outcome.outcome === 'rehearsed' && outcome.mutations.source === 0 && outcome.clonesLeft.length === 0,
    'the rehearsal did not end as it should',
  );
  return outcome;
}

/** Starts the release and shows that it waits. @returns its id */
export async function startAndWait(stage: Stage): Promise<string> {
  const id = await begin(stage, ['release', PACKAGE, '--target', 'production', '--requester', 'lead-a']);
  await untilWaiting(stage, id);
  await stage.show(['status', id], 3);
  return id;
}

/** Two people approve; the hard gate still holds. */
export async function approve(stage: Stage, id: string): Promise<void> {
  const { package: pkg, gates } = Status.parse(await stage.ask(['status', id]));
  for (const gate of gates.map((each) => each.id)) {
    for (const who of ['lead-b', 'dba-a']) {
      await stage.show([
        'approve',
        id,
        '--gate',
        gate,
        '--digest',
        pkg.digest,
        '--as',
        who,
        '--reason',
        'read the rehearsal',
        '--yes',
      ]);
    }
  }
  const status = Status.parse(await stage.ask(['status', id]));
  verify(
    status.waitingFor.length > 0 && status.waitingFor.every((line) => line.startsWith('hard gate')),
    'only the hard gate should hold it now',
  );
  stage.say(
    'Both groups have approved. It still waits:',
    ...status.waitingFor.map((line) => `  ${line}`),
    '',
  );
}

/** Watches a release to its end. @returns its outcome */
export async function watchToEnd(stage: Stage, id: string, expected: number): Promise<ReleaseOutcome> {
  await stage.show(['watch', id], expected);
  return ReleaseOutcome.parse(await stage.ask(['report', id, '--format', 'json']));
}

/** Writes the reports. @returns their paths */
export async function writeReports(stage: Stage, ids: readonly string[]): Promise<readonly string[]> {
  const paths = ids.map((id) => join(stage.store, 'reports', `${id}.md`));
  for (const [index, id] of ids.entries())
    await stage.ask(['report', id, '--format', 'md', '--output', paths[index] ?? '']);
  return paths;
}

/** What a scene was to show has to be so, or the demo fails. @throws INTERNAL */
export function verify(holds: boolean, otherwise: string): void {
  if (!holds) throw new ReleaseError('INTERNAL', `the demo: ${otherwise}`);
}

async function begin(stage: Stage, words: readonly string[]): Promise<string> {
  const started = await stage.ask([...words, '--detach']);
  const id = started['id'];
  if (typeof id !== 'string')
    throw new ReleaseError(
      'INTERNAL',
      `the demo: \`one-roof ${words.join(' ')}\` did not start: ${JSON.stringify(started)}`,
    );
  stage.say(`$ npx one-roof ${words.join(' ')}`, `  ${id} has begun`);
  stage.lookAt(id);
  return id;
}

async function untilWaiting(stage: Stage, id: string): Promise<void> {
  for (;;) {
    const status = Status.safeParse(await stage.ask(['status', id]));
    if (status.success && status.data.waitingFor.length > 0) return;
    verify(status.success, 'the release ended before its gate');
    await wait(POLL_MS);
  }
}
