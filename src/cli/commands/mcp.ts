import { resolve } from 'node:path';
import { z } from 'zod';
import { askMonitor } from '../../client/monitor';
import { ReleaseError } from '../../core/rules/release-error';
import type { House, MonitorWord } from '../../mcp/house';
import { openPackage } from '../../package/package';
import type { ReleasePackage } from '../../package/package';
import { askerOf, databasesOf } from '../asking';
import { command } from '../command';
import type { CommandContext } from '../command';
import { Name } from '../input';
import { withServer } from '../server-choice';
import { readTargets, verifyKinds } from '../targets-file';
import type { KnownTargets } from '../targets-file';

/** An assistant may ask, and nothing else. */
export const mcp = command({
  name: 'mcp',
  summary:
    'serve assistants over stdio (Model Context Protocol): schema, baseline, gate and query of targets, read-only; every call is recorded',
  arguments: [],
  options: [
    ['--target <targets...>', 'only these databases; every one of targets.yaml when left out'],
    ['--package <folders...>', 'release packages whose baseline and gates may be asked for'],
  ],
  examples: [
    ['mcp --target production', 'what an MCP client is configured to start'],
    [
      'mcp --target production --package sql/one-roof-governance',
      'with the probe and the gates of a package',
    ],
  ],
  exits: {
    0: 'the client closed its end, or it was told to end',
    1: 'it could not go on',
    2: 'a target or a package is not there',
  },
  input: z.object({
    target: z.array(Name).optional(),
    package: z.array(z.string().min(1)).default([]),
  }),
  run: async (context, { target, package: folders }) => {
    if (context.global.json)
      throw new ReleaseError('USAGE', '--json: stdout belongs to the protocol', { hint: 'Leave it out.' });
    const interruption = context.interruption();
    const streams = context.terminal.protocol();
    const house = await houseOf(context, { target, folders });
    context.terminal.note(`one-roof mcp: ${house.targets.join(', ')}; every call is recorded`);
    const { serve } = await import('../../mcp/serve.js'); // half of what the whole command line takes to load
    await serve(house, streams, interruption);
    return { document: { kind: 'mcp', ended: true }, text: '', exit: 0 };
  },
});

async function houseOf(
  context: CommandContext,
  {
    target,
    folders,
  }: { readonly target: readonly string[] | undefined; readonly folders: readonly string[] },
): Promise<House> {
  const known = readTargets(context);
  const { caller, ...asker } = askerOf(context, known, { by: 'mcp' });
  const packages = await Promise.all(folders.map((folder) => openPackage(resolve(context.folder, folder))));
  return {
    asker,
    who: caller.who,
    targets: targetsMeant(known, target),
    packages: byName(packages),
    monitorOf: (name) => monitorOf(context, name),
    log: context.terminal.note,
  };
}

function targetsMeant(
  known: KnownTargets,
  named: readonly string[] | undefined,
): readonly [string, ...string[]] {
  verifyKinds(
    known,
    (named ?? []).map((name) => ({ by: '--target', name, kind: 'database' })),
  );
  const [first, ...others] = new Set(named ?? databasesOf(known));
  if (first !== undefined) return [first, ...others];
  throw new ReleaseError('CONFIG_INVALID', `${known.file} names no database`);
}

function byName(packages: readonly ReleasePackage[]): ReadonlyMap<string, ReleasePackage> {
  const named = new Map(packages.map((pkg) => [pkg.ref.name, pkg] as const));
  if (named.size === packages.length) return named;
  throw new ReleaseError('USAGE', 'two of the packages bear one name', { hint: 'Give one of them.' });
}

/** Temporal is asked where it answers; a gate is read without it. */
async function monitorOf(context: CommandContext, target: string): Promise<MonitorWord> {
  try {
    const answer = await withServer(context, (temporal) => askMonitor(temporal, target));
    if (answer === undefined) return { silent: 'none runs' };
    return answer.answered ? { state: answer.value } : { silent: answer.why };
  } catch (error) {
    return { silent: error instanceof ReleaseError ? error.code : 'Temporal does not answer' };
  }
}
