const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `2s` → 2000. Throws a RangeError where it is no duration; schemas have checked it before. */
export function milliseconds(duration: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(duration);
  const unit = match?.[2];
  if (match === null || !isUnit(unit)) throw new RangeError(`no duration: ${duration}`);
  return Number(match[1]) * UNIT_MS[unit];
}

function isUnit(word: string | undefined): word is keyof typeof UNIT_MS {
  return word !== undefined && Object.hasOwn(UNIT_MS, word);
}
