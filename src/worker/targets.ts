import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { Targets } from '../core/schema/target';
import type { Target } from '../core/schema/target';
import { verifyCalendar } from '../package/calendar';
import { jsonSchemaOf } from '../package/json-schema';
import { parseYamlFile } from '../package/yaml-file';

/**
 * targets.yaml, checked; an empty file names no target. The worker obeys it, the command line reads it by the same eyes.
 * @throws CONFIG_MISSING; CONFIG_INVALID with a line for each problem: file:line:column, what was found, what is expected
 */
export function readTargets(file: string): Targets {
  const schema = Targets.nullable();
  const yaml = { name: file, code: 'CONFIG_INVALID', bytes: bytesOf(file) } as const;
  const targets = parseYamlFile(yaml, { schema, keys: () => jsonSchemaOf(Targets) }) ?? {};
  for (const [name, { policy = {} }] of Object.entries(targets))
    verifyCalendar(policy, `${file}: ${name}`, 'CONFIG_INVALID');
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [name, besideFile(target, file)]),
  );
}

/** Files that a target names stand beside targets.yaml. */
function besideFile(target: Target, file: string): Target {
  const { policy } = target;
  if (policy?.allowedSigners === undefined) return target;
  return { ...target, policy: { ...policy, allowedSigners: resolve(dirname(file), policy.allowedSigners) } };
}

function bytesOf(file: string): Buffer {
  if (!existsSync(file)) throw new ReleaseError('CONFIG_MISSING', `there is no file ${file}`);
  try {
    return readFileSync(file);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError('CONFIG_INVALID', `${file} cannot be read: ${words}`, { cause });
  }
}
