/**
 * An empty variable counts as none: `ONE_ROOF_SIGNING_KEY=` names no file, `TEMPORAL_API_KEY=` is no key. They are taken out of
 * the environment itself, because drivers read it on their own: an empty PGPASSWORD would keep `pgpass` from its file.
 */
export function forgetEmptyVariables<Environment extends Record<string, string | undefined>>(
  environment: Environment,
): Environment {
  for (const [name, value] of Object.entries(environment)) {
    if (value === '') Reflect.deleteProperty(environment, name);
  }
  return environment;
}
