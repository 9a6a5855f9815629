/** The code of an error, of the system (ENOENT, ESRCH) or of PostgreSQL (28P01); undefined for one without. */
export function systemCode(error: unknown): string | undefined {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : undefined;
}

/** What a program said on stderr before it failed, else the error's own words. */
export function wordsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('stderr' in error && String(error.stderr).trim() !== '') return String(error.stderr).trim();
  return 'message' in error ? String(error.message) : 'no message';
}
