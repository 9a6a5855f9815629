import type { Calendar, Freeze, Window } from '../../core/schema/calendar';
import type { RunbookFacts } from './facts';

/** When it may run and what must hold at the target beside the gates, one line each; none: nothing is asked. */
export function conditionChecks({ plan, policy, target }: RunbookFacts): readonly string[] {
  const { live, windowMargin } = policy ?? {};
  const margin =
    windowMargin === undefined
      ? ''
      : ` ${windowMargin} times the rehearsed time of its tiers must be left of it.`;
  const checks = [
    ...(live?.replicaLag === undefined ? [] : [`no replica more than ${live.replicaLag} behind`]),
    ...(live?.transactionAge === undefined
      ? []
      : [`no transaction of others older than ${live.transactionAge}`]),
    ...(live?.idleInTransaction === undefined
      ? []
      : [`no transaction of others idle for more than ${live.idleInTransaction}`]),
    ...(live?.freeConnections === undefined ? [] : [`${live.freeConnections} free connections`]),
    ...(live?.freeDisk === undefined ? [] : [`${live.freeDisk.atLeast} free on ${live.freeDisk.path}`]),
  ];
  return [
    ...calendarChecks(target, policy ?? {}, margin),
    ...calendarChecks('the package', plan.calendar ?? {}, margin),
    ...(checks.length === 0 ? [] : [`At ${target} there is: ${checks.join(', ')}.`]),
  ];
}

/** Is it ever held although its gates are open? */
export function isConditional(facts: RunbookFacts): boolean {
  return conditionChecks(facts).length > 0;
}

/** Who may let it go on all the same, in words; null: nobody. */
export function overriders({ policy }: RunbookFacts): string | null {
  const groups = Object.values(policy?.override ?? {}).map(({ need, of }) => `${need} of ${of.join(', ')}`);
  return groups.length === 0 ? null : groups.join(' and ');
}

function calendarChecks(
  of: string,
  { windows = [], freezes = [], notBefore }: Calendar,
  margin: string,
): readonly string[] {
  return [
    ...(windows.length === 0
      ? []
      : [`It is in a window of ${of}: ${windows.map(windowInWords).join('; or ')}.${margin}`]),
    ...(freezes.length === 0 ? [] : [`No freeze of ${of} is on: ${freezes.map(freezeInWords).join('; ')}.`]),
    ...(notBefore === undefined ? [] : [`It is ${notBefore} or later, by ${of}.`]),
  ];
}

function windowInWords({ days, from = '', to = '', cron, for: length = '', zone }: Window): string {
  if (cron !== undefined) return `\`${cron}\` for ${length} (${zone})`;
  return `${days?.join(', ') ?? 'every day'} from ${from} to ${to} (${zone})`;
}

function freezeInWords({ from, to, zone, reason }: Freeze): string {
  return `${from} to ${to} (${zone}), ${reason}`;
}
