import type { ClientBase } from 'pg';

/** All that the text of a value or of a definition depends on; `row_security` off turns hidden rows into an error. */
const SETTINGS = {
  search_path: '',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmlbinary: 'base64',
  xmloption: 'content',
  lc_monetary: 'C',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  row_security: 'off',
  jit: 'off',
} as const;

/**
 * Runs the work with pinned settings, in a savepoint of the caller's transaction, or in a read-only repeatable read
 * of its own where there is none. Either way the session is afterwards as it was.
 */
export async function withPinnedSession<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  const isInside = client.getTransactionStatus() !== 'I';
  const leave = isInside
    ? ['rollback to savepoint one_roof_pinned', 'release savepoint one_roof_pinned']
    : ['rollback'];
  await client.query(
    isInside ? 'savepoint one_roof_pinned' : 'begin isolation level repeatable read read only',
  );
  const outcome = await settled(async () => {
    await client.query(PIN, [Object.keys(SETTINGS), Object.values(SETTINGS)]);
    return work();
  });
  const left = await settled(async () => {
    for (const statement of leave) await client.query(statement);
  });
  if ('error' in outcome) throw outcome.error; // rather than what a lost connection says of the rollback
  if ('error' in left) throw left.error;
  return outcome.value;
}

const PIN = `select set_config(name, value, true) from unnest($1::text[], $2::text[]) as pinned (name, value)`;

async function settled<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error }; // thrown by the caller, once the session is let go
  }
}
