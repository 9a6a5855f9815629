/** The caller's environment, as the composition root hands it in. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PASSED_ON = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
] as const;

/** What a server gets of it: where things are, and no credential, PG* or TEMPORAL_* setting that the caller happens to have. */
export function serverEnvironment(environment: Environment): Readonly<Record<string, string>> {
  return pick(environment, PASSED_ON);
}

/** The whole of it, without what is not set. */
export function wholeEnvironment(environment: Environment): Readonly<Record<string, string>> {
  return pick(environment, Object.keys(environment));
}

function pick(environment: Environment, names: readonly string[]): Readonly<Record<string, string>> {
  const pairs = names.map((name) => [name, environment[name]] as const);
  const set = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(set);
}
