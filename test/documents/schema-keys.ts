import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A key of a file that people write: its path, and what a document says of its default. */
export type SchemaKey = readonly [path: string, omitted: string];

/** All keys that a schema knows: `tiers[].id`, `scopes.NAME.exit`. */
export function keysOf(schema: z.ZodType): readonly SchemaKey[] {
  return keysBelow(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '');
}

function keysBelow(schema: JsonSchema, path: string): SchemaKey[] {
  return branchesOf(schema).flatMap(({ properties, required, items, additionalProperties }) => [
    ...Object.entries(properties ?? {}).flatMap(([name, value]) => {
      if (typeof value !== 'object') return [];
      const key = path === '' ? name : `${path}.${name}`;
      return [
        [key, omittedWord(value, required?.includes(name) ?? false)] as const,
        ...keysBelow(value, key),
      ];
    }),
    ...(isSchema(items) ? keysBelow(items, `${path}[]`) : []),
    ...(isSchema(additionalProperties)
      ? keysBelow(additionalProperties, path === '' ? 'NAME' : `${path}.NAME`)
      : []),
  ]);
}

/** needed, none, or the default as a person would write it; `below` where the keys below have defaults of their own. */
function omittedWord({ default: value }: JsonSchema, isNeeded: boolean): string {
  if (isNeeded) return 'needed';
  if (value === undefined) return 'none';
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) return 'below';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return (schema.anyOf ?? [schema]).filter(isSchema);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
