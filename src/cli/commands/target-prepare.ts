import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Target } from '../../core/schema/target';
import { quoteIdentifier, quoteLiteral } from '../../postgres/one-roof-schema';
import { prepareSql, rolesSql } from '../../postgres/prepare';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { confirm } from '../confirmation';
import { Name, Yes } from '../input';
import { withTarget } from '../target-session';
import { readTargets, targetOf } from '../targets-file';
import type { KnownTargets } from '../targets-file';

/** Prints or runs the SQL that makes a database a target. */
export const targetPrepare = command({
  name: 'target prepare',
  summary: 'print the SQL with which a DBA makes a database a target; with --apply, run it',
  arguments: [['<target>', 'a target of targets.yaml']],
  options: [
    ['--print', 'print it, which it does when nothing else is said'],
    ['--apply', 'run it as the superuser'],
    ['--superuser <role>', 'who runs it; `postgres` when left out; the password is looked for as libpq does'],
    ['--yes', 'agree to the consequences, which are shown'],
  ],
  examples: [
    ['target prepare production > prepare.sql', 'for a DBA to read and to run'],
    ['target prepare production --apply --superuser postgres', 'asks, then runs it'],
  ],
  exits: { 0: 'printed or done', 4: 'the server refuses the superuser' },
  input: z.object({
    target: Name,
    print: z.boolean().default(false),
    apply: z.boolean().default(false),
    superuser: z.string().min(1).default('postgres'),
    yes: Yes,
  }),
  run: async (context, { target: name, print, apply, superuser, yes }) => {
    const known = readTargets(context);
    const target = targetOf(known, name);
    const nonce = target.registration ?? randomBytes(16).toString('hex');
    const sql = sqlFor({ name, target, nonce });
    if (!apply || print) return printed({ name, target, nonce, sql });
    await confirm(context, {
      lines: [
        `As ${superuser}: roles ${Object.values(target.roles).join(', ')} are created where they are missing.`,
        ...(target.kind === 'database' ? ['Schema one_roof is created, and the database registered.'] : []),
        'It may run again; a registration that is there is kept.',
      ],
      question: `Prepare ${name}?`,
      agreed: yes,
    });
    return await applied(context, known, { name, target, nonce, sql, superuser });
  },
});

interface Preparation {
  readonly name: string;
  readonly target: Target;
  readonly nonce: string;
}

/** A clone host has the roles and no schema: each clone brings its own. */
function sqlFor({ name, target, nonce }: Preparation): string {
  if (target.kind === 'database') return prepareSql({ name, kind: 'production', nonce }, target.roles);
  const { restorer } = target.roles;
  if (restorer === undefined) return rolesSql(target.roles);
  return [
    rolesSql(target.roles),
    `do $$ begin`,
    `  if not exists (select from pg_catalog.pg_roles where rolname = ${quoteLiteral(restorer)}) then`,
    `    create role ${quoteIdentifier(restorer)} login superuser;`,
    `  end if;`,
    `end $$;`,
    '',
  ].join('\n');
}

function printed({ name, target, nonce, sql }: Preparation & { readonly sql: string }): CommandResult {
  const registration = target.kind === 'database' ? nonce : null;
  const document = { kind: 'target prepare', target: name, registration, applied: false, sql };
  if (registration === null) return { document, text: sql.trimEnd(), exit: 0 };
  const head = `-- targets.yaml, target ${name}: registration: ${registration}`;
  const tail = target.registration === undefined ? [SHOW_REGISTRATION] : [];
  return { document, text: [head, sql.trimEnd(), ...tail].join('\n'), exit: 0 };
}

/** A nonce that is made here is not taken by a database that has one already. */
const SHOW_REGISTRATION = `-- What is registered: a database that had a nonce has kept it. Put this one into targets.yaml.
select name, nonce as registration from one_roof.target;`;

async function applied(
  context: CommandContext,
  known: KnownTargets,
  { name, target, sql, superuser }: Preparation & { readonly sql: string; readonly superuser: string },
): Promise<CommandResult> {
  const access = { target: name, role: { named: superuser }, purpose: 'prepare' } as const;
  const registration = await withTarget(known, access, async (session) => {
    await session.client.query(sql);
    if (target.kind === 'clone-host') return null;
    return String((await session.query('select nonce from one_roof.target')).rows[0]?.['nonce']);
  });
  if (registration !== null && target.registration !== registration) {
    context.terminal.note(`put this into ${known.file}, target ${name}: registration: ${registration}`);
  }
  context.terminal.note('the roles have no passwords yet: give them some, and put those into the PGPASSFILE');
  return {
    document: { kind: 'target prepare', target: name, registration, applied: true },
    text: `${name} is prepared${registration === null ? '' : `; registration: ${registration}`}`,
    exit: 0,
  };
}
