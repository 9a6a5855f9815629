import { z } from 'zod';
import { Descriptor } from '../core/schema/descriptor';

/** A JSON Schema, as far as we read it ourselves. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of `release.yaml` as people write it, for editors; made from the one schema that there is. */
export function descriptorJsonSchema(): JsonSchema {
  return jsonSchemaOf(Descriptor);
}

/** The same of another file that people write. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: allowQuorumText });
}

/** A quorum may be text, which zod reads in a step before its schema, where JSON Schema cannot see it. */
function allowQuorumText({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  const { properties, ...rest } = jsonSchema;
  if (properties?.['need'] === undefined || properties['of'] === undefined) return;
  const people = { type: 'string' as const, pattern: String.raw`^\s*\d+\s+of\s+\[[^\]]*\]\s*$` };
  for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
  jsonSchema.anyOf = [{ properties, ...rest }, people];
}
