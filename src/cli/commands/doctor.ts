import { existsSync } from 'node:fs';
import { z } from 'zod';
import { nameOf, withTemporal } from '../../client/connection';
import { ReleaseError } from '../../core/rules/release-error';
import { registerSearchAttributes } from '../../embedded/search-attribute-registration';
import { status } from '../../embedded/status';
import type { ServerStatus } from '../../embedded/status';
import { readToolchain } from '../../embedded/toolchain';
import { command } from '../command';
import type { CommandContext } from '../command';
import { embeddedState } from '../embedded-place';
import { painter } from '../print/status-text';
import { table } from '../print/table';
import { chooseServer } from '../server-choice';
import { chooseStore } from '../store-choice';
import { examineReaderOf } from '../reader-check';
import { findTargetsFile, readTargets } from '../targets-file';
import type { KnownTargets } from '../targets-file';
import type { RoleFinding } from '../../postgres/channel/channel-role';

/** One thing that was looked at. */
interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint?: string;
  /** What a role may do too much, each with the SQL that takes it away. */
  readonly excess?: readonly RoleFinding[];
}

/** Tells what runs and what is missing. */
export const doctor = command({
  name: 'doctor',
  summary: 'what runs, what is missing, and what to type; registers missing search attributes',
  arguments: [],
  options: [],
  examples: [['doctor', 'programs, servers, Temporal, targets, store']],
  exits: { 0: 'all is well', 1: 'something is missing; each line says what to do' },
  input: z.object({}),
  run: async (context) => {
    const findings = [
      await looking('programs', () => programs(context)),
      ...(await servers(context)),
      await looking('Temporal', () => temporal(context)),
      await looking('targets', () => targets(context)),
      ...(await readers(context)),
      await looking('store', () => store(context)),
    ];
    const ok = findings.every((finding) => finding.ok);
    return {
      document: { kind: 'doctor', ok, findings },
      text: findingsText(context, findings),
      exit: ok ? 0 : 1,
    };
  },
});

/** A check that throws has found something: its message and its hint. */
async function looking(check: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, detail: await look() };
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return { check, ok: false, detail: error.message, hint: error.hint };
  }
}

function programs({ checkout }: CommandContext): string {
  const { temporal: found, postgres } = readToolchain(checkout);
  const server =
    found.kind === 'cli' ? `Temporal ${found.version} (${found.path})` : `Temporal at ${found.address}`;
  return `${server}, PostgreSQL ${postgres.version} (${postgres.bin})`;
}

async function servers(context: CommandContext): Promise<readonly Finding[]> {
  const state = embeddedState(context);
  if (state === undefined)
    return [{ check: 'embedded servers', ok: true, detail: 'were never started here' }];
  const found = await status(state, readToolchain(context.checkout));
  return found.map(serverFinding);
}

function serverFinding({ name, state, pid, address, listening, log }: ServerStatus): Finding {
  const where = [pid === null ? '' : `pid ${pid}`, address ?? ''].filter((part) => part !== '').join(', ');
  const check = `embedded ${name}`;
  if (state === 'running' && listening !== false) return { check, ok: true, detail: `running (${where})` };
  if (state === 'stopped') return { check, ok: true, detail: 'stopped; `one-roof up` starts it' };
  const detail = state === 'stale' ? 'was started and has died' : `runs (${where}) and does not answer`;
  return { check, ok: false, detail, hint: `\`one-roof up\` starts it again; its log is ${log}` };
}

async function temporal(context: CommandContext): Promise<string> {
  const { place, origin } = chooseServer(context);
  return await withTemporal(place, async ({ connection }) => {
    const added = await registerSearchAttributes(connection, place.namespace);
    const attributes = added.length === 0 ? 'search attributes are there' : `registered ${added.join(', ')}`;
    return `${nameOf(place)} answers (${origin}); ${attributes}`;
  });
}

function targets(context: CommandContext): string {
  const known = readTargets(context);
  return `${Object.keys(known.targets).join(', ') || 'none'} (${known.file}); \`one-roof targets check\` looks at registrations`;
}

/** Each database is asked what its reader may do; the stand-in is there to be tried, and may stand still. */
async function readers(context: CommandContext): Promise<readonly Finding[]> {
  if (findTargetsFile(context)?.origin !== 'configured') return [];
  const known = readTargetsIfTheyCan(context);
  if (known === undefined) return [];
  const names = Object.keys(known.targets).filter((name) => known.targets[name]?.kind === 'database');
  return await Promise.all(names.map((name) => readerOf(known, name)));
}

/** What is wrong with the file itself is told by the check before this one. */
function readTargetsIfTheyCan(context: CommandContext): KnownTargets | undefined {
  try {
    return readTargets(context);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return undefined;
  }
}

async function readerOf(known: KnownTargets, name: string): Promise<Finding> {
  const check = `reader of ${name}`;
  try {
    const { role, findings } = await examineReaderOf(known, name);
    if (findings.length === 0) return { check, ok: true, detail: `${role} may only read` };
    const detail = `${role} may do more than read: ${findings.length} findings`;
    return { check, ok: false, detail, excess: findings };
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return { check, ok: false, detail: error.message, hint: error.hint };
  }
}

function store(context: CommandContext): string {
  const folder = chooseStore(context, chooseServer(context).origin);
  return existsSync(folder) ? folder : `${folder}, made when it is needed`;
}

function findingsText({ terminal }: CommandContext, findings: readonly Finding[]): string {
  const rows = findings.map(({ check, ok, detail }) => [check, ok ? 'ok' : 'not ok', detail]);
  const hints = findings.flatMap(({ check, hint, excess = [] }) => [
    ...(hint === undefined ? [] : [`→ ${check}: ${hint}`]),
    ...excess.flatMap(({ what, mend }) => [
      `→ ${check}: ${what}`,
      ...mend.split('\n').map((line) => `    ${line}`),
    ]),
  ]);
  return [
    table([{ head: 'check' }, { head: '' }, { head: '' }], rows, painter(terminal.colours)),
    ...hints,
  ].join('\n');
}
