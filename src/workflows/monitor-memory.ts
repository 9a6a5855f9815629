import { changesOf, factOf, factsOf, keyOfGates, titleOf } from '../core/rules/gate-facts';
import type { GateQuery, GateReading } from '../core/schema/attempt';
import type { AnomaliesRead, Anomaly, GateChange, GatesOf, MonitorState } from '../core/schema/monitor';
import type { GatesAnswer } from '../core/schema/observation';
import type { PackageRef } from '../core/schema/plan';

/**
 * A release that waits, and the gates that it waits for. What is read follows from the package in the store and the target's
 * policy: a signal can carry names, never SQL.
 */
export interface Subscription {
  readonly release: string;
  readonly package: PackageRef;
  readonly scope: string;
  readonly gates: readonly Pick<GateQuery, 'gate' | 'opens'>[];
}

/** Who wants the monitor to go on while nobody waits, and for which package beside the policy. */
export interface Keeper {
  readonly as: string;
  readonly watched: GatesOf | null;
}

/** Readings that a release has not heard, and the fact that they are. */
export interface News {
  readonly name: string;
  readonly release: string;
  readonly readings: readonly GateReading[];
  readonly fact: string;
}

/** What a monitor takes along when it goes on in a new run. */
export interface MonitorCarry {
  readonly since: string;
  readonly keeper: Keeper | null;
  readonly answers: readonly (readonly [string, GatesAnswer])[];
  readonly told: readonly (readonly [string, string])[];
  readonly changes: readonly GateChange[];
  readonly anomalies: readonly Anomaly[];
  readonly figures: AnomaliesRead['figures'];
  readonly isAlarmed: boolean;
  readonly readAt: string | null;
  readonly readings: number;
  readonly unreadableSince: string | null;
}

/** Changes that are remembered; the history of all is in Temporal, as long as that keeps it. */
const MOST_CHANGES = 200;

/** All that a monitor knows: who waits, what was read, what changed. */
export class MonitorMemory {
  readonly waiting = new Map<string, Subscription>();
  /** What each release was told last. */
  readonly told: Map<string, string>;
  keeper: Keeper | null;
  figures: AnomaliesRead['figures'];
  anomalies: readonly Anomaly[];
  /** People were told that its gates cannot be read. */
  isAlarmed: boolean;
  private answers: Map<string, GatesAnswer>;
  private changes: readonly GateChange[];
  private readAt: string | null;
  private unreadableSince: string | null;
  private readings: number;
  private readonly since: string;

  constructor(
    private readonly target: string,
    subscriptions: readonly Subscription[],
    carried: MonitorCarry | undefined,
  ) {
    for (const each of subscriptions) this.waiting.set(nameOf(each), each);
    this.told = new Map(carried?.told);
    this.keeper = carried?.keeper ?? null;
    this.figures = carried?.figures ?? {};
    this.anomalies = carried?.anomalies ?? [];
    this.isAlarmed = carried?.isAlarmed ?? false;
    this.answers = new Map(carried?.answers);
    this.changes = carried?.changes ?? [];
    this.readAt = carried?.readAt ?? null;
    this.unreadableSince = carried?.unreadableSince ?? null;
    this.readings = carried?.readings ?? 0;
    this.since = carried?.since ?? new Date().toISOString();
  }

  get isNeeded(): boolean {
    return this.waiting.size > 0 || this.keeper !== null;
  }

  /** Each package in each scope once, in a fixed order; for a keeper the policy too. */
  get asked(): readonly GatesOf[] {
    const waiting = [...this.waiting.values()].map(({ package: pkg, scope }) => ({ package: pkg, scope }));
    const kept = this.keeper === null ? [] : [{ package: null, scope: 'full' }, ...watchedBy(this.keeper)];
    const distinct = new Map([...kept, ...waiting].map((each) => [keyOfGates(each), each]));
    return [...distinct.values()];
  }

  /** The facts as they are known of all that is asked; null where something was never read. */
  get known(): string | null {
    const answers = this.asked.map((each) => this.answers.get(keyOfGates(each)));
    const read = answers.filter((answer) => answer !== undefined);
    return read.length === answers.length ? factsOf(read) : null;
  }

  subscribe(each: Subscription): void {
    this.waiting.set(nameOf(each), each);
    this.told.delete(nameOf(each));
  }

  unsubscribe(release: string): void {
    for (const [name, each] of [...this.waiting]) if (each.release === release) this.forget(name);
  }

  forget(name: string): void {
    this.waiting.delete(name);
    this.told.delete(name);
  }

  /** Takes a round's answers, in the order asked. @returns what has changed since the last */
  take(
    asked: readonly GatesOf[],
    seen: { answers: readonly GatesAnswer[]; rounds: number; readAt: string },
  ): readonly GateChange[] {
    this.readAt = seen.readAt;
    this.readings += seen.rounds;
    const changes = asked.flatMap((each, index) => {
      const answer = seen.answers[index] ?? { readings: [], unreadable: 'it was not answered' };
      const before = this.answers.get(keyOfGates(each));
      this.answers.set(keyOfGates(each), answer);
      return changesOf(each, { before, answer, at: seen.readAt });
    });
    const still = new Set(asked.map(keyOfGates));
    for (const key of [...this.answers.keys()]) if (!still.has(key)) this.answers.delete(key);
    this.changes = [...this.changes, ...changes].slice(-MOST_CHANGES);
    this.unreadableSince = reasonsOf(this.answers).length > 0 ? (this.unreadableSince ?? seen.readAt) : null;
    return changes;
  }

  /** What a release is told of its gates; one that was not read is closed, and says why. */
  answerTo({ gates, ...each }: Subscription): readonly GateReading[] {
    const { readings, unreadable } = this.answers.get(keyOfGates(each)) ?? {
      readings: [],
      unreadable: 'it was not asked',
    };
    return gates.map(
      ({ gate, opens }) =>
        readings.find((reading) => reading.gate === gate) ?? {
          gate,
          open: false,
          value: null,
          opens,
          readAt: this.readAt ?? '',
          unreadable: unreadable ?? 'neither the package nor the policy of the target has such a hard gate',
        },
    );
  }

  /** Who has not heard the facts as they are: each with its readings. */
  get news(): readonly News[] {
    return [...this.waiting].flatMap(([name, each]) => {
      if (!this.answers.has(keyOfGates(each))) return []; // it is read for first
      const readings = this.answerTo(each);
      const fact = factOf(readings);
      return this.told.get(name) === fact ? [] : [{ name, release: each.release, readings, fact }];
    });
  }

  /** Who waits and finds all its hard gates open, with what was read. */
  get open(): readonly { readonly release: string; readonly readings: readonly GateReading[] }[] {
    const waiting = [...this.waiting.values()];
    return waiting
      .map((each) => ({ release: each.release, readings: this.answerTo(each) }))
      .filter(({ readings }) => readings.every(({ open }) => open));
  }

  /** Gates that cannot be read now, and since when; null: all can. */
  get unreadable(): { readonly since: string; readonly why: string } | null {
    const [why] = reasonsOf(this.answers);
    return why === undefined || this.unreadableSince === null ? null : { since: this.unreadableSince, why };
  }

  /** What a look found; what is there still keeps its time. @returns what is new */
  takeAnomalies({ found, figures }: AnomaliesRead, at: string): readonly string[] {
    const known = new Map(this.anomalies.map(({ what, since }) => [what, since]));
    this.anomalies = found.map((what) => ({ what, since: known.get(what) ?? at }));
    this.figures = figures;
    return found.filter((what) => !known.has(what));
  }

  get carry(): MonitorCarry {
    const { since, keeper, changes, anomalies, figures, isAlarmed, readAt, readings, unreadableSince } = this;
    return {
      since,
      keeper,
      answers: [...this.answers],
      told: [...this.told],
      changes,
      anomalies,
      figures,
      isAlarmed,
      readAt,
      readings,
      unreadableSince,
    };
  }

  get state(): MonitorState {
    const { target, since, readAt, readings, changes, anomalies } = this;
    return {
      kind: 'gate monitor',
      target,
      since,
      keptBy: this.keeper?.as ?? null,
      waiting: [...this.waiting.values()].map(({ release, gates }) => ({
        release,
        gates: gates.map(({ gate }) => gate),
      })),
      read: this.asked.map((each) => {
        const answer = this.answers.get(keyOfGates(each));
        return {
          of: titleOf(each),
          scope: each.scope,
          readings: answer?.readings ?? [],
          unreadable: answer === undefined ? 'not read yet' : answer.unreadable,
        };
      }),
      readAt,
      readings,
      changes: [...changes],
      anomalies: [...anomalies],
    };
  }
}

/** A release subscribes for one package: whoever subscribes in its name for another takes nothing away from it. */
function nameOf(each: Subscription): string {
  return `${each.release} ${keyOfGates(each)}`;
}

function watchedBy({ watched }: Keeper): readonly GatesOf[] {
  return watched === null ? [] : [watched];
}

/** Why gates could not be read, in the order asked. */
function reasonsOf(answers: ReadonlyMap<string, GatesAnswer>): readonly string[] {
  return [...answers.values()].flatMap(({ readings, unreadable }) => [
    ...(unreadable === null ? [] : [unreadable]),
    ...readings.flatMap((reading) => reading.unreadable ?? []),
  ]);
}
