import { z } from 'zod';
import type { WorkflowKind } from '../../core/rules/contract';
import { carryOutAct, freshKey, subject } from '../acting';
import { command } from '../command';
import type { Command } from '../command';
import { Key, Name, Reason, Reference, Yes, oneOf } from '../input';

const OPTIONS = [
  ['--as <who>', '!who you are; it is only claimed'],
  ['--reason <text>', '!why'],
  ['--key <key>', 'the key of this act; the same key counts once'],
  ['--yes', 'agree to the consequences, which are shown'],
] as const;

const EXITS = { 0: 'accepted', 3: 'stored, not yet answered', 4: 'refused, and why' } as const;

const Control = z.object({ id: Reference, as: Name, reason: Reason, key: Key.default(freshKey), yes: Yes });

/** Ends a release or a rehearsal. */
export const abort = controlCommand({
  act: 'abort',
  name: 'abort',
  kinds: ['release', 'rehearsal', 'evaluation'],
  summary: 'end a release, a rehearsal or an evaluation; what it applied is rolled back',
  consequence:
    'It ends as aborted; every tier that it has applied is rolled back first. This cannot be taken back.',
});

/** Stops a release before its next step. */
export const pause = controlCommand({
  act: 'pause',
  name: 'pause',
  kinds: ['release'],
  summary: 'let a release stop before its next step',
  consequence: 'The step that runs now is finished; the next one waits for `one-roof resume`.',
});

/** Lets it go on. */
export const resume = controlCommand({
  act: 'resume',
  name: 'resume',
  kinds: ['release'],
  summary: 'let a paused release go on',
  consequence: 'It goes on where it stopped, if its gates are still open.',
});

/** Takes back every approval of the gate that is waited at. */
export const closeGate = controlCommand({
  act: 'closeGate',
  name: 'close-gate',
  kinds: ['release'],
  summary: 'void the approvals of the gate at which a release waits',
  consequence: 'All approvals of gates that were not passed are void; they must be given anew.',
});

/** Answers a release that holds. */
export const decide = command({
  name: 'decide',
  summary: 'decide what a release does that holds: retry or rollback',
  arguments: [
    ['<id>', 'id or short id of the release'],
    [
      '<choice>',
      '`retry`: what failed is tried again, and the release goes on; where a rollback is stuck, that tier is rolled back again, after somebody has mended what stops it. `rollback`: every tier that it has applied is rolled back; a rollback that is stuck does not take it, for it is one already: `retry` it, or `abort` leaves what is applied',
    ],
  ],
  options: OPTIONS,
  examples: [
    ['decide 7k3f9q retry --as lead-a --reason "the disk has room again"', 'it goes on where it stopped'],
    ['decide 7k3f9q rollback --as lead-a --reason "not tonight"', 'all that it applied is rolled back'],
  ],
  exits: EXITS,
  input: Control.extend({ choice: oneOf(['retry', 'rollback']) }),
  run: (context, { id, yes, ...payload }) =>
    carryOutAct(context, {
      id,
      kinds: ['release'],
      act: { act: 'decide', payload },
      agreed: yes,
      consequences: (found) => [
        subject(found),
        payload.choice === 'retry'
          ? 'It tries again what failed, and goes on from there; a stuck rollback is tried again.'
          : 'Every tier that it has applied is rolled back. This cannot be taken back. A stuck rollback waits on for `retry`.',
      ],
    }),
});

function controlCommand(text: {
  readonly act: 'abort' | 'pause' | 'resume' | 'closeGate';
  readonly name: string;
  readonly kinds: readonly WorkflowKind[];
  readonly summary: string;
  readonly consequence: string;
}): Command {
  const { act, name, kinds, summary, consequence } = text;
  return command({
    name,
    summary,
    arguments: [['<id>', `id or short id of the ${kinds.join(' or ')}`]],
    options: OPTIONS,
    examples: [
      [`${name} 7k3f9q --as lead-a --reason "not today"`, 'asks on a terminal; needs --yes without one'],
    ],
    exits: EXITS,
    input: Control,
    run: (context, { id, yes, ...payload }) =>
      carryOutAct(context, {
        id,
        kinds,
        act: { act, payload },
        agreed: yes,
        consequences: (found) => [subject(found), consequence],
      }),
  });
}
