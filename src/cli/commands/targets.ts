import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import type { Target } from '../../core/schema/target';
import { examineReader } from '../../postgres/channel/channel-role';
import { listMade } from '../../postgres/clone/registry';
import { readIdentity } from '../../postgres/identity';
import { unregistered, verifyRegistration } from '../../postgres/registration';
import { targetQueue } from '../../core/rules/contract';
import { command } from '../command';
import type { CommandResult } from '../command';
import { exitOfFailure } from '../exit-codes';
import type { Colours } from '../terminal';
import { oneOf } from '../input';
import { painter } from '../print/status-text';
import { table } from '../print/table';
import { withTarget } from '../target-session';
import { readTargets } from '../targets-file';
import type { KnownTargets } from '../targets-file';

/** The targets of targets.yaml. */
export const targets = command({
  name: 'targets',
  summary: 'the targets of targets.yaml; with `check`, connects to each as its reader',
  arguments: [['[check]', '`check`: do they answer, and are they what targets.yaml means?']],
  options: [],
  examples: [
    ['targets', 'what is configured'],
    ['targets check', 'password, registration, server version'],
  ],
  exits: {
    0: 'told; with `check`: all are well',
    1: 'one cannot be reached',
    4: 'one is not what it should be',
  },
  input: z.object({ check: oneOf(['check']).optional() }),
  run: async (context, { check }) => {
    const known = readTargets(context);
    if (check === undefined) return listed(known);
    return await checked(known, context.terminal.colours);
  },
});

function listed(known: KnownTargets): CommandResult {
  const found = Object.entries(known.targets).map(([name, target]) => describe(name, target));
  const rows = found.map((each) => [
    each.name,
    each.kind,
    each.queue,
    each.registered,
    each.gates.join(', '),
  ]);
  const heads = ['target', 'kind', 'queue', 'registration', 'gates of its policy'].map((head) => ({ head }));
  const list = rows.length === 0 ? 'it names no target' : table(heads, rows);
  return {
    document: { kind: 'targets', file: known.file, targets: found },
    text: `${known.file}\n\n${list}`,
    exit: 0,
  };
}

function describe(name: string, target: Target) {
  return {
    name,
    kind: target.kind,
    queue: target.queue ?? targetQueue(name),
    protected: target.protected,
    registered:
      target.kind === 'clone-host' ? 'needs none' : target.registration === undefined ? 'missing' : 'given',
    gates: target.policy?.gates.map(({ id }) => id) ?? [],
  };
}

interface Finding {
  readonly target: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly code?: string;
  readonly hint?: string;
}

async function checked(known: KnownTargets, colours: Colours): Promise<CommandResult> {
  const findings: Finding[] = [];
  for (const [name, target] of Object.entries(known.targets)) findings.push(await look(known, name, target));
  const exits = findings.map(({ code }) => (code === undefined ? 0 : exitOfFailure(code)));
  const rows = findings.map(({ target, ok, detail }) => [target, ok ? 'ok' : 'not ok', detail]);
  const hints = findings.flatMap(({ target, hint }) => (hint === undefined ? [] : [`→ ${target}: ${hint}`]));
  const list = table([{ head: 'target' }, { head: '' }, { head: '' }], rows, painter(colours));
  const ok = findings.every((finding) => finding.ok);
  const document = { kind: 'targets check', file: known.file, ok, findings };
  return { document, text: [list, ...hints].join('\n'), exit: exits.find((exit) => exit !== 0) ?? 0 };
}

async function look(known: KnownTargets, name: string, target: Target): Promise<Finding> {
  try {
    const detail =
      target.kind === 'database' ? await lookAtDatabase(known, name) : await lookAtHost(known, name);
    return { target: name, ok: true, detail };
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return { target: name, ok: false, detail: error.message, code: error.code, hint: error.hint };
  }
}

async function lookAtDatabase(known: KnownTargets, name: string): Promise<string> {
  const nonce = known.targets[name]?.registration;
  if (nonce === undefined) throw unregistered(name);
  const access = { target: name, role: 'reader', purpose: 'check', readOnly: true } as const;
  return await withTarget(known, access, async (session) => {
    await verifyRegistration(session, { kind: 'production', nonce });
    const { database, version, name: registered } = await readIdentity(session);
    const excess = (await examineReader(session)).length;
    const reader = excess === 0 ? '' : '; its reader may do more than read: `one-roof doctor` names what';
    return `database ${database}, registered as ${registered}, PostgreSQL ${Math.floor(version / 10_000)}${reader}`;
  });
}

async function lookAtHost(known: KnownTargets, name: string): Promise<string> {
  return await withTarget(known, { target: name, role: 'restorer', purpose: 'check' }, async (session) => {
    const answer = await session.query(
      "select pg_catalog.current_setting('is_superuser') as superuser, pg_catalog.current_setting('server_version') as version",
    );
    if (answer.rows[0]?.['superuser'] !== 'on') {
      throw new ReleaseError('PRIVILEGE_MISSING', `the restorer of clone host ${name} is no superuser there`);
    }
    const made = await listMade(session);
    return `PostgreSQL ${String(answer.rows[0]['version'])}, ${made.length} databases that One-Roof made`;
  });
}
