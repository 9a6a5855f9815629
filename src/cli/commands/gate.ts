import { z } from 'zod';
import type { Temporal } from '../../client/connection';
import { askMonitor, keepMonitor, monitoredTargets, stopMonitor } from '../../client/monitor';
import { pendingOf } from '../../client/pending';
import { monitorId, targetQueue } from '../../core/rules/contract';
import { ReleaseError } from '../../core/rules/release-error';
import type { GatesOf, MonitorState } from '../../core/schema/monitor';
import { Policy } from '../../core/schema/target';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { EXIT_CODES } from '../exit-codes';
import { Name } from '../input';
import { storePackage } from '../package-storing';
import { monitorText } from '../print/monitor-text';
import { withServer } from '../server-choice';
import type { ServerChoice } from '../server-choice';
import { findTargetsFile, readTargets, targetOf, verifyKinds } from '../targets-file';

const TARGET = [['<target>', 'the database, by its name in targets.yaml']] as const;

/** What a gate monitor knows, from its own memory: nothing is asked of the target. */
export const gateStatus = command({
  name: 'gate status',
  summary: 'are the hard gates of a target open? What its monitor read last, when, and what changed',
  arguments: [['[target]', 'the database; every one that is monitored when it is left out']],
  options: [],
  examples: [
    ['gate status production', 'the readings with their age, who waits, what changed'],
    ['gate status --json', 'every monitored target, for a script'],
  ],
  exits: { 0: 'told', 2: 'nobody monitors it', 3: 'no worker answers' },
  input: z.object({ target: Name.optional() }),
  run: (context, { target }) =>
    withServer(context, async (temporal) => {
      const targets = target === undefined ? await monitoredTargets(temporal) : [target];
      const states = await Promise.all(targets.map((each) => stateOf(temporal, each)));
      const now = Date.now();
      const [only] = states;
      const document = target === undefined ? { kind: 'gate monitors', monitors: states } : only;
      const text = states
        .map((state) => monitorText(state, { colours: context.terminal.colours, now }))
        .join('\n\n');
      return { document, text: text === '' ? 'no gate is monitored now' : text, exit: EXIT_CODES.done };
    }),
});

/** From now on, whoever waits. */
export const monitorStart = command({
  name: 'gate monitor start',
  summary: 'monitor the hard gates of a target, also while no release waits',
  arguments: TARGET,
  options: [
    ['--as <who>', '!who wants it'],
    ['--package <folder>', "a package whose gates and baseline are watched beside the policy's gates"],
  ],
  examples: [['gate monitor start production --as lead-a', 'until `gate monitor stop`']],
  exits: { 0: 'it runs' },
  input: z.object({ target: Name, as: Name, package: z.string().min(1).optional() }),
  run: (context, { target, as, package: folder }) =>
    withServer(context, async (temporal, choice) => {
      const watched = folder === undefined ? null : await watchedIn(context, choice, folder);
      await keepMonitor(temporal, { target, as, watched, ...settingsOf(context, target) });
      return done(
        target,
        `the gates of ${target} are monitored until \`one-roof gate monitor stop ${target}\``,
      );
    }),
});

/** For as long as somebody waits, and no longer. */
export const monitorStop = command({
  name: 'gate monitor stop',
  summary: 'monitor the gates of a target only while a release waits',
  arguments: TARGET,
  options: [],
  examples: [['gate monitor stop production', 'releases that wait are told on']],
  exits: { 0: 'it ends when nobody waits', 2: 'nobody monitors it' },
  input: z.object({ target: Name }),
  run: (context, { target }) =>
    withServer(context, async (temporal) => {
      if (!(await stopMonitor(temporal, target))) throw nobodyMonitors(target);
      return done(target, `the monitor of ${target} ends when no release waits there`);
    }),
});

/** The monitor's own life. */
export const monitorStatus = command({
  name: 'gate monitor status',
  summary: 'the same as `gate status TARGET`',
  arguments: TARGET,
  options: [],
  examples: [['gate monitor status production', 'since when, how many readings, who waits']],
  exits: { 0: 'told', 2: 'nobody monitors it', 3: 'no worker answers' },
  input: z.object({ target: Name }),
  run: (context, { target }) => gateStatus.run(context, { target }),
});

/** With the moment of the last reading, which the watch under way tells by its heartbeat. */
async function stateOf(temporal: Temporal, target: string): Promise<MonitorState> {
  const [answer, pending] = await Promise.all([
    askMonitor(temporal, target),
    pendingOf(temporal, monitorId(target)),
  ]);
  if (answer === undefined) throw nobodyMonitors(target);
  if (!answer.answered)
    throw new ReleaseError('NO_WORKER', `the monitor of ${target} cannot be asked: ${answer.why}`);
  const watching = pending.find(({ activity }) => activity === 'watchGates')?.progress;
  if (watching?.note === undefined) return answer.value;
  const { readings } = answer.value;
  return { ...answer.value, readAt: watching.note, readings: readings + watching.done };
}

function nobodyMonitors(target: string): ReleaseError {
  return new ReleaseError('REFERENCE_UNKNOWN', `nobody monitors the gates of ${target} now`, {
    hint: `A release that waits does; \`one-roof gate monitor start ${target} --as YOUR-NAME\` does so always.`,
  });
}

/** Of targets.yaml where it is here; the worker's own otherwise, as far as it follows from the name. */
function settingsOf(
  context: CommandContext,
  name: string,
): { readonly queue: string; readonly every: string } {
  if (findTargetsFile(context) === undefined)
    return { queue: targetQueue(name), every: Policy.parse({}).readGatesEvery };
  const known = readTargets(context);
  verifyKinds(known, [{ by: 'a gate monitor', name, kind: 'database' }]);
  const { queue, policy } = targetOf(known, name);
  return { queue: queue ?? targetQueue(name), every: (policy ?? Policy.parse({})).readGatesEvery };
}

async function watchedIn(
  context: CommandContext,
  { origin }: ServerChoice,
  folder: string,
): Promise<GatesOf> {
  const { package: ref } = await storePackage(context, { folder, scope: 'full', origin });
  return { package: ref, scope: 'full' };
}

function done(target: string, text: string): CommandResult {
  return { document: { kind: 'gate monitor', target, done: true }, text, exit: EXIT_CODES.done };
}
