import { logEnd, logSince } from '../../../src/embedded/process';
import { superuser } from './greenfield';
import { waitFor } from './workflows';
import type { World } from './world';

/** A statement that the server itself wrote down, and who sent it. */
export interface Logged {
  readonly role: string;
  readonly database: string;
  readonly application: string;
  readonly text: string;
}

/** `%m [%p] %q%u@%d %a `, as the embedded cluster is started with. */
const LINE = /^\S+ \S+ \S+ \[\d+\] (\S+)@(\S+) (.*?) ?LOG: +(?:statement|execute [^:]+): (.*)$/;

/** From now on the server writes down each statement that changes data or definitions. @returns where its log is now */
export async function logChanges(world: World): Promise<number> {
  await superuser(world.state, `alter system set log_statement = 'mod'`, 'postgres');
  await superuser(world.state, 'select pg_reload_conf()', 'postgres');
  await waitFor('log_statement = mod', async () => {
    const [row] = await superuser(
      world.state,
      `select current_setting('log_statement') as value`,
      'postgres',
    );
    return row?.['value'] === 'mod' ? row : undefined;
  });
  return logEnd(world.state, 'postgres');
}

/** What has been changed in production since then, and by whom. */
export function changesSince(world: World, start: number): readonly Logged[] {
  const lines = logSince(world.state, 'postgres', start).split('\n');
  const logged = lines.flatMap((line) => {
    const [, role, database, application, text] = LINE.exec(line) ?? [];
    if (role === undefined || database === undefined) return [];
    return [{ role, database, application: application ?? '', text: text ?? '' }];
  });
  return logged.filter(({ database }) => database === 'directus');
}

/** Those of One-Roof's own roles: reader, cloner, executor, restorer. */
export function byOneRoof(changes: readonly Logged[]): readonly Logged[] {
  return changes.filter(({ role }) => role.startsWith('one_roof'));
}
