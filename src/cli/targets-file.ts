import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { Target, Targets } from '../core/schema/target';
import { filesOf } from '../embedded/stand-in-files';
import { nearestWord } from '../package/nearest-word';
import type { Environment } from '../postgres/endpoint';
import { readTargets as readTargetsFile } from '../worker/targets';
import type { CommandContext } from './command';
import { embeddedState } from './embedded-place';

/** Where targets.yaml is; embedded: the one that `up --stand-in` wrote. */
export interface TargetsFile {
  readonly file: string;
  readonly origin: 'configured' | 'embedded';
}

/** Targets, where they are described, and the environment in which their connections are resolved. */
export interface KnownTargets extends TargetsFile {
  readonly targets: Targets;
  readonly environment: Environment;
}

/** `--config`, $ONE_ROOF_CONFIG, ./targets.yaml, the embedded one: the first that is given or there. */
export function findTargetsFile(context: CommandContext): TargetsFile | undefined {
  const named = context.global.config ?? context.environment['ONE_ROOF_CONFIG'];
  if (named !== undefined && named !== '')
    return { file: resolve(context.folder, named), origin: 'configured' };
  const here = join(context.folder, 'targets.yaml');
  if (existsSync(here)) return { file: here, origin: 'configured' };
  const embedded = embeddedState(context)?.targets;
  return embedded !== undefined && existsSync(embedded) ? { file: embedded, origin: 'embedded' } : undefined;
}

/** Reads the targets. @throws CONFIG_MISSING, CONFIG_INVALID naming each place */
export function readTargets(context: CommandContext): KnownTargets {
  const found = findTargetsFile(context);
  if (found === undefined) throw new ReleaseError('CONFIG_MISSING', 'there is no targets.yaml');
  return { ...found, targets: readTargetsFile(found.file), environment: environmentOf(context, found) };
}

/** One target by its name. @throws TARGET_UNKNOWN with what was probably meant */
export function targetOf({ targets, file }: Pick<KnownTargets, 'targets' | 'file'>, name: string): Target {
  const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (target !== undefined) return target;
  const names = Object.keys(targets);
  const meant = nearestWord(name, names);
  const advice = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new ReleaseError(
    'TARGET_UNKNOWN',
    `${file} has no target ${name}, only ${names.join(', ')}${advice}`,
    {
      details: { targets: names },
    },
  );
}

/** A target that a command was given, and of which kind it must be. */
export interface WantedTarget {
  /** What was given it: `--source`. */
  readonly by: string;
  readonly name: string;
  readonly kind: Target['kind'];
}

/** Names and kinds, before anything is begun; where only the worker knows its targets, it says so itself. */
export function verifyTargets(context: CommandContext, wanted: readonly WantedTarget[]): void {
  if (findTargetsFile(context) !== undefined) verifyKinds(readTargets(context), wanted);
}

/** All that are of another kind, at once. @throws TARGET_UNKNOWN; CONFIG_INVALID with the targets that would do */
export function verifyKinds(
  known: Pick<KnownTargets, 'targets' | 'file'>,
  wanted: readonly WantedTarget[],
): void {
  const wrong = wanted
    .map((want) => ({ ...want, is: targetOf(known, want.name).kind }))
    .filter(({ kind, is }) => kind !== is);
  if (wrong.length === 0) return;
  const problems = wrong.map(({ by, name, kind, is }) => {
    const fitting = Object.keys(known.targets).filter((each) => known.targets[each]?.kind === kind);
    const choice = fitting.length === 0 ? `${known.file} has none` : `of that kind: ${fitting.join(', ')}`;
    return `${by} needs a ${kind}, and target ${name} is a ${is}; ${choice}`;
  });
  throw new ReleaseError('CONFIG_INVALID', problems.join('\n'), {
    hint: 'Give a target of the kind that is needed; `one-roof targets` lists them with their kinds.',
    details: { problems },
  });
}

/** The stand-in's services and passwords are files of the embedded state; other targets use the user's own. */
function environmentOf(context: CommandContext, { origin }: TargetsFile): Environment {
  const state = embeddedState(context);
  if (origin === 'configured' || state === undefined) return context.environment;
  const { pgpass, serviceFile } = filesOf(state);
  context.setEnvironment('PGPASSFILE', pgpass);
  return { ...context.environment, PGPASSFILE: pgpass, PGSERVICEFILE: serviceFile };
}
