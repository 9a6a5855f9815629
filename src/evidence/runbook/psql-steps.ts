import type { BreakGlassFile } from '../../core/rules/break-glass';
import { expectedExit, requiredEntry } from '../../core/rules/drift';
import { table } from '../document';
import type { RunbookFacts } from './facts';
import { asks, quoted, reads } from './psql';
import type { PsqlStep } from './psql';

/** The release by hand, from the bytes to the exit baseline. */
export function releaseSteps(
  facts: RunbookFacts,
  file: BreakGlassFile,
  time: string | null,
): readonly PsqlStep[] {
  const { plan } = facts;
  return [
    ...ready(facts),
    {
      title: 'What is in effect already.',
      command: inEffect(facts),
      says: 'Mostly it prints nothing. A tier that it prints is skipped later; preflight and entry state may then show other values than below.',
    },
    ...gates(facts),
    ...(plan.preflight === null ? [] : [checks('The preflight.', plan.preflight.path)]),
    ...metrics(facts, 'The entry state.', requiredEntry(plan.metrics)),
    {
      title: 'Apply.',
      words: `It changes the database.${time === null ? '' : ` In rehearsal the tiers took ${time} together.`}`,
      command: script(file),
      ...telling(
        file,
        plan.tiers.map(({ id }) => `${id} applied`),
      ),
    },
    ENDED,
    {
      title: 'What is in effect now.',
      command: inEffect(facts),
      says: 'It must print these. Tiers of earlier versions may stand among them:',
      prints: plan.tiers.map(({ id }) => id).sort(),
    },
    ...[plan.verify, plan.readContract].flatMap((read) =>
      read === null ? [] : [checks(`What must hold now: ${read.path}.`, read.path)],
    ),
    ...metrics(facts, 'The exit state.', exitOf(facts)),
  ];
}

/** The rollback by hand. */
export function rollbackSteps(facts: RunbookFacts, file: BreakGlassFile): readonly PsqlStep[] {
  const { plan } = facts;
  return [
    ...ready(facts),
    {
      title: 'What is in effect.',
      command: inEffect(facts),
      says: 'After a whole release it prints these. A tier that it does not print is left alone:',
      prints: plan.tiers.map(({ id }) => id).sort(),
    },
    {
      title: 'Roll back.',
      words: 'It changes the database. Last tier first.',
      command: script(file),
      ...telling(
        file,
        [...plan.tiers].reverse().map(({ id }) => `${id} rolled back`),
      ),
    },
    ENDED,
    {
      title: 'What is in effect now.',
      command: inEffect(facts),
      says: 'It must print nothing of these tiers any more.',
    },
    ...metrics(facts, 'The state from before.', requiredEntry(plan.metrics)),
  ];
}

/** Not every script says what it does with each tier. */
function telling({ isTelling, direction }: BreakGlassFile, lines: readonly string[]): Partial<PsqlStep> {
  if (!isTelling) return { says: 'It must end without `ERROR`. The next steps tell whether it is done.' };
  const which = direction === 'apply' ? 'that is not in effect yet' : 'that is in effect';
  return {
    says: `For each tier ${which} it must print a line, in this order, and end without \`ERROR\`:`,
    prints: lines,
  };
}

/** Where, who, which bytes, which database. */
function ready(facts: RunbookFacts): readonly PsqlStep[] {
  const { plan, executor, files } = facts;
  return [
    {
      title: 'Set these by hand',
      words: 'with `export NAME=VALUE`.',
      more: [table(['variable', 'value'], variables(facts))],
    },
    {
      title: 'Go into the package.',
      command: `export PGDATABASE=${quoted(plan.database.name)} PGUSER=${quoted(executor)}\ncd "\${PACKAGE:?is not set}" && echo "$PGUSER of $PGDATABASE, by \${WHO:?is not set}"`,
      says: 'It must print, with your name:',
      prints: [`${executor} of ${plan.database.name}, by WHO`],
    },
    {
      title: 'The bytes are those of the manifest.',
      command: 'sha256sum -c manifest-sha256.txt',
      prints: files.map((path) => `${path}: OK`),
    },
    {
      title: 'The digest is the one that was approved.',
      command: `digest=$(LC_ALL=C sort manifest-sha256.txt | sha256sum | cut -d ' ' -f 1)\necho "$digest"`,
      prints: [plan.package.digest],
    },
    rightDatabase(facts),
  ];
}

/** Its name, and what a recreated database has not: the registration, of which a digest is shown. */
function rightDatabase({ plan, target, executor, registration }: RunbookFacts): PsqlStep {
  const who = `${executor}|${plan.database.name}|production|${target}`;
  const nonce = "left(encode(sha256(convert_to(nonce, 'UTF8')), 'hex'), 12)";
  const more = registration === null ? '' : `, ${nonce}`;
  return {
    title: 'It is the right database.',
    command: asks(`select current_user, current_database(), kind, name${more} from one_roof.target`),
    prints: [registration === null ? who : `${who}|${registration.slice(0, 12)}`],
  };
}

function variables({ target, executor, service }: RunbookFacts): readonly (readonly string[])[] {
  const instead = service === null ? '' : `; or PGSERVICE=${service} in place of both`;
  return [
    ['PGHOST, PGPORT', `the server of ${target}${instead}`],
    ['PGPASSFILE', `a password file, mode 600, with a line for ${executor}`],
    ['PACKAGE', "the package's folder on this machine, as an absolute path"],
    ['WHO', 'your name: the ledger keeps it'],
  ];
}

function gates({ gates: all }: RunbookFacts): readonly PsqlStep[] {
  return all.flatMap(({ id, hard }) =>
    hard === undefined
      ? []
      : [
          {
            title: `The hard gate of ${id} is open.`,
            command: asks(hard.sql),
            says: `It must print a number ${hard.opens}. If not: stop. Nobody has opened it.`,
          },
        ],
  );
}

function checks(title: string, path: string): PsqlStep {
  return {
    title,
    command: reads(path),
    says: 'It prints a line for each check. Each must hold `|t|`; only a line that begins with `gate:` may hold `|f|`.',
  };
}

function metrics(
  { plan }: RunbookFacts,
  title: string,
  wanted: ReturnType<typeof requiredEntry>,
): readonly PsqlStep[] {
  const lines = Object.entries(wanted).map(([metric, value]) => `${metric}|${String(value)}`);
  if (plan.probe === null || lines.length === 0) return [];
  return [
    {
      title,
      command: reads(plan.probe.path),
      says: 'Among its lines must be these, in any order:',
      prints: lines,
    },
  ];
}

function exitOf({ plan }: RunbookFacts): ReturnType<typeof requiredEntry> {
  return Object.fromEntries(
    Object.entries(plan.metrics).flatMap(([metric, rule]) => {
      const value = expectedExit(rule);
      return value === undefined ? [] : [[metric, value]];
    }),
  );
}

/** Names of packages need no quoting: their schema sees to it. */
function inEffect({ plan }: RunbookFacts): string {
  return asks(
    `select tier from one_roof.in_effect where package = '${plan.package.name}' order by tier::name`,
  );
}

function script({ path }: BreakGlassFile): string {
  return `psql -X -v ON_ERROR_STOP=1 -v digest="$digest" -v who="$WHO" -f ${quoted(path)}`;
}

const ENDED: PsqlStep = {
  title: 'It has come to its end.',
  command: asks(
    "select state, requester from one_roof.release where id like 'break-glass-%' order by claim desc limit 1",
  ),
  says: 'It must print, with your name:',
  prints: ['closed|WHO'],
};
