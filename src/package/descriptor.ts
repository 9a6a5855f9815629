import type { ReleaseError } from '../core/rules/release-error';
import { inconsistenciesOf } from '../core/rules/plan-consistency';
import { Descriptor } from '../core/schema/descriptor';
import { FULL_SCOPE } from '../core/schema/plan';
import { descriptorJsonSchema } from './json-schema';
import { parseYamlFile, yamlError } from './yaml-file';
import type { YamlFile } from './yaml-file';
import type { Place } from './yaml-problems';

export const DESCRIPTOR_FILE = 'release.yaml';

/**
 * Reads `release.yaml`.
 * @throws ReleaseError DESCRIPTOR_INVALID with a line for each problem: file:line:column, what was found, what is expected
 */
export function parseDescriptor(bytes: Buffer): Descriptor {
  const descriptor = parseYamlFile(fileOf(bytes), { schema: Descriptor, keys: descriptorJsonSchema });
  const problems = inconsistenciesOf(descriptor, FULL_SCOPE);
  if (problems.length > 0) throw descriptorError(bytes, problems);
  return descriptor;
}

/** The error for problems that were found elsewhere, such as files that are not there, at their places in the descriptor. */
export function descriptorError(
  bytes: Buffer,
  problems: readonly { readonly at: Place; readonly message: string }[],
): ReleaseError {
  return yamlError(fileOf(bytes), problems);
}

function fileOf(bytes: Buffer): YamlFile {
  return { name: DESCRIPTOR_FILE, code: 'DESCRIPTOR_INVALID', bytes };
}
