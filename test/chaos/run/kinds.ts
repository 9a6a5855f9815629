import type { Point } from './point';

/** What can go wrong. */
export const KINDS = [
  'SIGKILL of the worker',
  'SIGKILL of the Temporal server',
  'SIGKILL of worker and Temporal server',
  'SIGSTOP of the worker',
  'SIGKILL of one of three workers',
  'immediate restart of PostgreSQL',
  'SIGKILL of the postmaster',
  'SIGKILL of a backend',
  'pg_terminate_backend',
  'network cut before COMMIT',
  'network cut after COMMIT',
  'network cut',
  'message that arrives late',
  // A worker that wakes is told to stop by Temporal's own clock, mostly in time; this attempt is told nothing.
  'attempt that comes late',
  "a stranger's table lock",
  "a stranger's session lock",
  'disk full',
  'SIGKILL of pg_dump or pg_restore',
  'terminate, then recover',
  "Temporal's cancel",
  'abort',
  'abort while the worker sleeps',
  'two releases at once',
  'approvals doubled',
  'approvals lost',
  'approvals late',
  'pause, then resume',
  'withdraw, then approve',
  'closeGate, then approve',
  'reject',
] as const;

export type FaultKind = (typeof KINDS)[number];

/** After these the workflow ends. */
export const ENDING: readonly FaultKind[] = [
  'terminate, then recover',
  "Temporal's cancel",
  'abort',
  'abort while the worker sleeps',
  'reject',
];

const ANYWHERE: readonly FaultKind[] = [
  'SIGKILL of the worker',
  'SIGKILL of the worker',
  'SIGKILL of the Temporal server',
  'SIGKILL of worker and Temporal server',
  'immediate restart of PostgreSQL',
  'SIGKILL of the postmaster',
];

/** The kinds that make sense at a point; the more often one is named, the more often it is drawn. */
export function kindsAt(point: Point): readonly FaultKind[] {
  return [...ANYWHERE, ...onTheWire(point), ...byPeople(point), ...byStrangers(point)];
}

function onTheWire({ name, family, reach }: Point): readonly FaultKind[] {
  if (reach.by !== 'wire') return [];
  const isAttempt = family !== 'rehearsal' && /^(tier|roll back|batch|index)/.test(name);
  const cut = name.endsWith('before commit')
    ? 'network cut before COMMIT'
    : name.endsWith('after commit')
      ? 'network cut after COMMIT'
      : 'network cut';
  return [
    'pg_terminate_backend',
    'pg_terminate_backend',
    'SIGKILL of a backend',
    cut,
    cut,
    ...(isAttempt && reach.match.when === 'before'
      ? (['message that arrives late', 'message that arrives late'] as const)
      : []),
    ...(isAttempt
      ? (['SIGSTOP of the worker', 'SIGKILL of one of three workers', 'disk full', 'disk full'] as const)
      : []),
    ...(/^(snapshot: dump|clone: restor)/.test(name)
      ? (['SIGKILL of pg_dump or pg_restore', 'SIGKILL of pg_dump or pg_restore'] as const)
      : []),
  ];
}

const LOST: readonly FaultKind[] = ['approvals lost', 'approvals lost'];
/** What is decided before the first of them is given. */
const BEFORE_APPROVALS: readonly FaultKind[] = [
  ...(['approvals doubled', 'approvals doubled', 'approvals doubled'] as const),
  ...(['approvals late', 'approvals late', 'approvals late'] as const),
];

const REJECTED: readonly FaultKind[] = ['reject', 'reject', 'reject'];
/** What needs one that was given. */
const TAKEN_BACK: readonly FaultKind[] = ['withdraw, then approve', 'closeGate, then approve'];

function byPeople({ name, family, reach }: Point): readonly FaultKind[] {
  const both = ['two releases at once', 'two releases at once'] as const;
  if (reach.by === 'people')
    return [
      ...(reach.moment === 'waiting' ? BEFORE_APPROVALS : [...TAKEN_BACK, ...TAKEN_BACK]),
      ...LOST,
      ...both,
      'abort',
      ...REJECTED,
      'pause, then resume',
    ];
  const ends = ["Temporal's cancel", 'abort'] as const;
  if (family === 'rehearsal') return /evidence|exit baseline/.test(name) ? [] : ends;
  if (/^(close claim|evidence)/.test(name)) return ['terminate, then recover', 'attempt that comes late'];
  const sleeps =
    name === 'tier: before the session lock' ? Array<FaultKind>(6).fill('abort while the worker sleeps') : [];
  const twice = /^(claim|audit again|look once)/.test(name) ? (['two releases at once'] as const) : [];
  const halts = /^(tier|batch|index)/.test(name) ? (['pause, then resume'] as const) : [];
  return [...ends, ...halts, 'terminate, then recover', 'terminate, then recover', ...sleeps, ...twice];
}

function byStrangers({ name }: Point): readonly FaultKind[] {
  const locks = ["a stranger's session lock", "a stranger's session lock"] as const;
  if (/^(claim|close claim): connecting/.test(name)) return locks;
  if (/^(tier|roll back): connecting/.test(name))
    return [...locks, "a stranger's table lock", "a stranger's table lock"];
  return /^(tier|roll back|batch|index): (fence raised|transaction begun|statement sent)/.test(name)
    ? ["a stranger's table lock", "a stranger's table lock"]
    : [];
}
