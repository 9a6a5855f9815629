import { z } from 'zod';
import { prepareSql, rolesSql } from '../../postgres/prepare';
import { Roles } from '../../core/schema/target';
import { down as stopServers, up as startServers } from '../../embedded/embedded';
import type { EmbeddedAddresses, StandInRequest, Step } from '../../embedded/embedded';
import { openState } from '../../embedded/state';
import { readToolchain } from '../../embedded/toolchain';
import { command } from '../command';
import type { CommandContext } from '../command';
import { embeddedState, statePlace } from '../embedded-place';
import { facts } from '../print/table';
import { findTargetsFile } from '../targets-file';

/** Starts the embedded servers. */
export const up = command({
  name: 'up',
  summary: 'start the embedded Temporal, PostgreSQL and worker; what runs already stays',
  arguments: [],
  options: [
    ['--stand-in', 'with a stand-in production, a clone host, and an application that writes'],
    ['--scale <number>', "the stand-in's two large tables, times this; 1 when it is left out"],
  ],
  examples: [
    ['up --stand-in', 'everything that the examples need'],
    ['up', 'the servers alone; your own targets.yaml is used where there is one'],
  ],
  exits: { 0: 'all of it runs', 2: 'set-up has not been run, or wrong usage' },
  input: z.object({
    standIn: z.boolean().default(false),
    scale: z.coerce.number({ error: 'a number' }).positive().max(100).default(1),
  }),
  run: async (context, { standIn, scale }) => {
    const { checkout, environment } = context;
    const config = standIn ? undefined : configuredFile(context);
    const addresses = await startServers({
      checkout,
      state: openState(statePlace(context)),
      toolchain: readToolchain(checkout),
      environment,
      worker: 'runs',
      onStep: (step) => noteStep(context, step),
      ...(standIn ? { standIn: standInRequest(scale) } : {}),
      ...(config === undefined ? {} : { config }),
    });
    return { document: { kind: 'up', ...addresses }, text: addressText(addresses, standIn), exit: 0 };
  },
});

/** Stops them. */
export const down = command({
  name: 'down',
  summary: 'stop the embedded servers; nothing is lost, releases that wait go on after the next `up`',
  arguments: [],
  options: [],
  examples: [['down', 'also what a killed `up` has left']],
  exits: { 0: 'nothing of it runs' },
  input: z.object({}),
  run: async (context) => {
    const state = embeddedState(context);
    const steps: Step[] = [];
    if (state !== undefined) {
      const onStep = (step: Step): void => {
        noteStep(context, step);
        if (step.state === 'done') steps.push(step);
      };
      await stopServers({ state, onStep });
    }
    const servers = Object.fromEntries(steps.map(({ name, note }) => [name, note]));
    const text = state === undefined ? 'no embedded server was ever started here' : 'nothing runs';
    return { document: { kind: 'down', servers }, text, exit: 0 };
  },
});

/** The stand-in, prepared as a DBA would prepare it. */
export function standInRequest(scale: number, existing: StandInRequest['existing'] = 'keep'): StandInRequest {
  const roles = Roles.parse({});
  return {
    scale,
    existing,
    organicWriter: 'runs',
    prepare: {
      production: (registration) =>
        prepareSql({ name: 'production', kind: 'production', nonce: registration }, roles),
      cloneHost: rolesSql(roles),
    },
  };
}

function configuredFile(context: CommandContext): string | undefined {
  const found = findTargetsFile(context);
  return found?.origin === 'configured' ? found.file : undefined;
}

function noteStep({ terminal }: CommandContext, { name, state, note }: Step): void {
  terminal.note(`${state === 'done' ? '✓' : '▸'} ${name}: ${note}`);
}

function addressText({ temporal, postgres, targets, state }: EmbeddedAddresses, standIn: boolean): string {
  const next = standIn
    ? 'Next: one-roof rehearse sql/one-roof-governance --source production --on clone-host'
    : 'Next: one-roof targets check';
  return `${facts([
    ['Temporal', `${temporal.address}, namespace ${temporal.namespace}`],
    ['its UI', temporal.ui ?? 'that of your own server'],
    ['PostgreSQL', `${postgres.host}:${postgres.port}`],
    ['targets', targets],
    ['state', state],
  ])}\n${next}`;
}
