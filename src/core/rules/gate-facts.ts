import type { GateReading } from '../schema/attempt';
import type { GateChange, GatesOf } from '../schema/monitor';
import type { GatesAnswer } from '../schema/observation';

/** What changes a release's mind: whether each gate is open, and whether it could be read. A value may move at every reading. */
export function factOf(readings: readonly GateReading[]): string {
  return JSON.stringify(readings.map(({ gate, open, unreadable }) => [gate, open, unreadable !== undefined]));
}

/** The same of all answers of one round. */
export function factsOf(answers: readonly GatesAnswer[]): string {
  return JSON.stringify(answers.map(({ readings, unreadable }) => [factOf(readings), unreadable !== null]));
}

/** How a package in one of its scopes is known among all that are asked for. */
export function keyOfGates({
  package: pkg,
  scope,
}: {
  package: { digest: string } | null;
  scope: string;
}): string {
  return `${pkg?.digest ?? 'policy'} ${scope}`;
}

/** How people read of it. */
export function titleOf({ package: pkg }: GatesOf): string {
  return pkg === null ? 'the policy' : `${pkg.name} ${pkg.version}`;
}

/** An answer, the one before it, and when it was given. */
export interface Answered {
  readonly before: GatesAnswer | undefined;
  readonly answer: GatesAnswer;
  readonly at: string;
}

/** What has changed since the answer before: a package that cannot be read at all counts as one gate, `all`. */
export function changesOf(each: GatesOf, { before, answer, at }: Answered): readonly GateChange[] {
  const of = titleOf(each);
  const { scope } = each;
  const asChange = ({ gate, open, value, unreadable }: GateReading): GateChange => ({
    gate,
    of,
    scope,
    open,
    value,
    at,
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(before === undefined ? { first: true } : {}),
  });
  const known = new Map(before?.readings.map((reading) => [reading.gate, factOf([reading])]));
  const whole =
    answer.unreadable === null || before?.unreadable === answer.unreadable
      ? []
      : [{ gate: 'all', of, scope, open: false, value: null, unreadable: answer.unreadable, at }];
  return [
    ...whole,
    ...answer.readings.filter((reading) => known.get(reading.gate) !== factOf([reading])).map(asChange),
  ];
}
