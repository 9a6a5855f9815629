import type { CheckMeaning, Reason, ScopeLock, ScopeRun } from '../../schema/evaluation';

/** Does anything that is checked at the end tell whether the part is in effect? What the rest moves tells of the rest. */
export function checksReason({ checks, scope }: ScopeRun, path: ScopeRun): Reason {
  const about = `the checks mean something for ${scope}`;
  if (checks.length === 0) return { about, state: 'not shown', words: 'no check was read' };
  const ofRest = checks.filter((check) => isOfRest(check, path));
  const told = checks.filter((check) => !ofRest.includes(check));
  const of = (meaning: CheckMeaning['meaning']): number =>
    told.filter((check) => check.meaning === meaning).length;
  const [proves, needs, follows] = [of('proves it'), of('needs it'), of('follows it')];
  const rest = ofRest.length === 0 ? '' : `, ${ofRest.length} watch the rest`;
  if (proves + needs + follows === 0)
    return {
      about,
      state: 'condition',
      words: `None of ${checks.length} checks tells whether ${scope} is in effect: write one that fails without it.`,
    };
  return {
    about,
    state: 'holds',
    words: `of ${checks.length}: ${proves} prove it, ${needs} need it, ${follows} follow it${rest}, ${of('says nothing')} say nothing`,
  };
}

function isOfRest({ file, check, meaning }: CheckMeaning, path: ScopeRun): boolean {
  const later = path.checks.find((each) => each.file === file && each.check === check);
  return meaning === 'needs it' && later?.meaning === 'follows it';
}

/** Two steps must not lock what one would not. Times are shown, never weighed: they are this machine's. */
export function locksReason(runs: {
  readonly part: ScopeRun;
  readonly whole: ScopeRun;
  readonly path: ScopeRun;
}): Reason {
  const about = 'locks no worse than at once';
  const { part, whole, path } = runs;
  if (whole.outcome !== 'rehearsed' || path.outcome !== 'rehearsed')
    return { about, state: 'not shown', words: 'not both were rehearsed' };
  const known = new Set(whole.locks.map(keyOf));
  const more = [...part.locks, ...path.locks].filter((lock) => !known.has(keyOf(lock)));
  if (more.length > 0)
    return {
      about,
      state: 'condition',
      words: `In two steps it also takes ${more.map(lockWords).join('; ')}.`,
    };
  const longest = longestOf(part.locks);
  const words =
    longest === undefined
      ? `${part.scope} holds nobody up`
      : `of ${part.scope} the longest that holds others up: ${lockWords(longest)}`;
  return { about, state: 'holds', words };
}

function longestOf(locks: readonly ScopeLock[]): ScopeLock | undefined {
  return locks.reduce<ScopeLock | undefined>(
    (longest, lock) => (longest === undefined || lock.ms > longest.ms ? lock : longest),
    undefined,
  );
}

function lockWords({ relation, mode, ms, tier }: ScopeLock): string {
  return `${mode} on ${relation} for ${Math.round(ms)} ms (${tier})`;
}

function keyOf({ relation, mode }: ScopeLock): string {
  return `${relation} ${mode}`;
}
