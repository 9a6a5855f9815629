import { z } from 'zod';
import { Roles } from '../../core/schema/target';
import { rolesSql } from '../../postgres/prepare';
import { command } from '../command';
import { Name } from '../input';
import { table } from '../print/table';
import { readTargets, targetOf } from '../targets-file';

const DUTIES = [
  ['reader', 'reads baselines, checks and fingerprints; read-only by default; pg_read_all_stats'],
  ['cloner', 'runs pg_dump; read-only by default'],
  [
    'executor',
    'applies and rolls back tiers; member of the owners of what tiers alter, owner of nothing protected',
  ],
  ['restorer', 'creates and restores clones: a superuser of the clone host alone'],
] as const;

/** The roles and the SQL that creates them. */
export const roles = command({
  name: 'roles',
  summary: 'the roles that One-Roof works as, what each is for, and the SQL that creates them',
  arguments: [['[target]', 'with the names that targets.yaml gives them for this target']],
  options: [],
  examples: [['roles production', 'for a DBA to read']],
  exits: { 0: 'told' },
  input: z.object({ target: Name.optional() }),
  run: (context, { target }) => {
    const names = target === undefined ? Roles.parse({}) : targetOf(readTargets(context), target).roles;
    const sql = rolesSql(names);
    const found = DUTIES.flatMap(([duty, text]) => {
      const role = names[duty];
      return role === undefined ? [] : [{ duty, role, text }];
    });
    const rows = found.map(({ duty, role, text }) => [duty, role, text]);
    const list = table([{ head: 'duty' }, { head: 'role' }, { head: '' }], rows);
    return Promise.resolve({
      document: { kind: 'roles', roles: found, sql },
      text: `${list}\n\n${sql}`,
      exit: 0,
    });
  },
});
