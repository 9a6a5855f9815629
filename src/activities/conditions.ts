import { statfs } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Calendar } from '../core/schema/calendar';
import type { ConditionsRead, LiveChecks, Unmet } from '../core/schema/condition';
import { Policy } from '../core/schema/target';
import { beginningOf } from '../package/calendar';
import { unmetAtServer } from '../postgres/live-checks';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { readingOften } from './reading';
import type { Read } from './reading';
import { findTarget } from './world';
import type { World } from './world';

export interface ConditionsAsked {
  readonly target: string;
  /** The package's own. */
  readonly calendar: Calendar;
  /** How long what is left took in rehearsal, ms; null where that is not known. */
  readonly rehearsedMs: number | null;
  /** Are live checks asked too? */
  readonly live: boolean;
  /** How long it is looked again and again while live checks do not hold, ms; 0: once. */
  readonly forMs: number;
}

const LOOK_AGAIN_MS = 2_000;
const SIZES = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** What must hold beside the gates: windows, freezes, live checks. */
export function conditionActivities(world: World) {
  return {
    /** Which conditions of the target's policy and of the package do not hold; while live ones do not, it looks again for as long as it may. */
    readConditions: activity(async (asked: ConditionsAsked, watch: Watch): Promise<ConditionsRead> => {
      const { target, forMs } = asked;
      const policy = findTarget(world, target).policy ?? Policy.parse({});
      const live = asked.live ? policy.live : undefined;
      const end = Date.now() + forMs;
      const lookOnce = async (read: Read | null): Promise<ConditionsRead> => ({
        unmet: [...calendarUnmet(policy, asked), ...(live === undefined ? [] : await liveUnmet(live, read))],
        readAt: new Date().toISOString(),
      });
      if (live === undefined) return lookOnce(null);
      return readingOften(world, { database: { target }, watch, role: 'reader' }, async (read) => {
        for (;;) {
          const seen = await lookOnce(read);
          if (Date.now() >= end || seen.unmet.every(({ kind }) => kind !== 'live')) return seen;
          await setTimeout(LOOK_AGAIN_MS, undefined, { signal: watch.signal });
        }
      });
    }),
  };
}

function calendarUnmet(policy: Policy, { target, calendar, rehearsedMs }: ConditionsAsked): readonly Unmet[] {
  const needed = (rehearsedMs ?? 0) * policy.windowMargin;
  const calendars = [
    { of: target, calendar: policy },
    { of: 'the package', calendar },
  ];
  const { at, why } = beginningOf(calendars, { now: Date.now(), ms: needed });
  if (why.length === 0) return [];
  const until = at === null ? null : new Date(at).toISOString();
  const time =
    rehearsedMs === null
      ? 'how long it takes is not known, for it was not rehearsed'
      : `it needs ${seconds(needed)}, ${policy.windowMargin} times the ${seconds(rehearsedMs)} of the rehearsal`;
  return [{ kind: 'calendar', why: [...why, time].join('; '), until }];
}

async function liveUnmet({ freeDisk, ...checks }: LiveChecks, read: Read | null): Promise<readonly Unmet[]> {
  const ofServer = read === null ? [] : await unmetAtServer(async (work) => (await read(work)).value, checks);
  const ofDisk = freeDisk === undefined ? [] : await fullDisk(freeDisk);
  return [...ofServer, ...ofDisk].map((why) => ({ kind: 'live', why, until: null }));
}

/** A disk that cannot be seen is a full one. */
async function fullDisk({ path, atLeast }: NonNullable<LiveChecks['freeDisk']>): Promise<readonly string[]> {
  try {
    const { bavail, bsize } = await statfs(path);
    const free = bavail * bsize;
    return free >= bytesOf(atLeast)
      ? []
      : [`${(free / 1e9).toFixed(1)} GB are free on ${path}, at least ${atLeast}`];
  } catch (error) {
    return [
      `how much is free on ${path} cannot be seen: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}

/** `20GB` → 20e9 */
function bytesOf(size: string): number {
  const [, number = '', unit] = /^(\d+)(MB|GB|TB)$/.exec(size) ?? [];
  return Number(number) * SIZES[unit === 'MB' || unit === 'TB' ? unit : 'GB'];
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}
