/** What a break-glass file of a package would do, as far as its text tells. */
export interface BreakGlassFile {
  readonly path: string;
  /** By what it tells the ledger of each tier; null: it tells nothing, or both. */
  readonly direction: 'apply' | 'rollback' | null;
  /** It prints `TIER applied` or `TIER rolled back` for each tier. */
  readonly isTelling: boolean;
  /** Tiers of the scope whose bytes, as they are now, it does not name. */
  readonly missing: readonly string[];
  /** Tiers that it names and the scope leaves out. */
  readonly beyond: readonly string[];
}

/** A tier of the package: whether the scope has it, and the SHA-256 of its file. */
export interface KnownTier {
  readonly id: string;
  readonly sha256: string;
  readonly isInScope: boolean;
}

/** Reads a break-glass file: it must begin each tier by `one_roof.break_glass_tier_begin`, with the SHA-256 of the tier's file. */
export function breakGlassFile(path: string, text: string, tiers: readonly KnownTier[]): BreakGlassFile {
  const code = text.replaceAll(/^\s*--.*$/gm, '');
  const calls = [...code.matchAll(/\bbreak_glass_tier_begin\s*\(([^;]*)/g)].map((call) => call[1] ?? '');
  const told = new Set(calls.map(directionOf));
  const [direction = null] = told;
  const isNamed = ({ sha256 }: KnownTier): boolean => code.includes(sha256);
  return {
    path,
    direction: told.size === 1 ? direction : null,
    isTelling: /^\s*\\echo .*\b(applied|rolled back)\s*$/m.test(code),
    missing: tiers.filter((tier) => tier.isInScope && !isNamed(tier)).map(({ id }) => id),
    beyond: tiers.filter((tier) => !tier.isInScope && isNamed(tier)).map(({ id }) => id),
  };
}

function directionOf(call: string): BreakGlassFile['direction'] {
  const words = (['apply', 'rollback'] as const).filter((word) => call.includes(`'${word}'`));
  return words.length === 1 ? (words[0] ?? null) : null;
}
