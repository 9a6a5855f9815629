import { z } from 'zod';
import { documentsOf } from '../../src/core/rules/evidence-documents';
import { Sha256 } from '../../src/core/schema/name';
import { EvaluationOutcome } from '../../src/core/schema/evaluation';
import type { Outcome } from '../../src/core/schema/evidence';
import { RehearsalOutcome, ReleaseOutcome } from '../../src/core/schema/outcome';

/** Digests of something that is no document of the store: of the package, of a nonce, of parts of a fingerprint. */
const NO_DOCUMENTS = [
  /^package\.digest$/,
  /\.registration$/,
  /^approvals\.0\.digest$/,
  /(^fingerprint\.before|^fingerprint\.after|^evaluated\.entry|^evaluated\.end)\.(schema|contents)$/,
];

describe('the documents that an outcome names', () => {
  it.each([
    ['a rehearsal', RehearsalOutcome, 9],
    ['a release', ReleaseOutcome, 5],
    ['an evaluation', EvaluationOutcome, 2],
  ])('are every SHA-256 that %s can hold, but for those of something else', (_, schema, least) => {
    const { outcome, digests } = fullSample(schema);
    const named = new Set(documentsOf(outcome).map(({ sha256 }) => sha256));
    const documents = [...digests].filter(([path]) => !NO_DOCUMENTS.some((each) => each.test(path)));
    expect(documents.filter(([, sha256]) => !named.has(sha256)).map(([path]) => path)).toEqual([]);
    expect([...named].filter((sha256) => !documents.some(([, each]) => each === sha256))).toEqual([]);
    expect(documents.length).toBeGreaterThanOrEqual(least);
  });
});

/** An outcome in which everything that may be there is there, once, and where each SHA-256 of its schema stands. */
function fullSample(schema: z.ZodType<Outcome>): { outcome: Outcome; digests: ReadonlyMap<string, string> } {
  const digests = new Map<string, string>();
  const outcome = schema.parse(valueOf(z.toJSONSchema(schema), [], digests));
  return { outcome, digests };
}

const SHA256 = z.toJSONSchema(Sha256).pattern;
type Shape = z.core.JSONSchema._JSONSchema;

function valueOf(shape: Shape | undefined, path: readonly string[], digests: Map<string, string>): unknown {
  if (shape === undefined || typeof shape === 'boolean') return null;
  const [first] = shape.anyOf ?? shape.oneOf ?? []; // null is the last of them
  if (first !== undefined) return valueOf(first, path, digests);
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  switch (shape.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([name, inner]) => [
          name,
          valueOf(inner, [...path, name], digests),
        ]),
      );
    case 'array':
      return Array.isArray(shape.items) || shape.items === undefined
        ? []
        : [valueOf(shape.items, [...path, '0'], digests)];
    case 'string':
      return shape.pattern === SHA256 ? digestAt(path, digests) : 'a-text-of-some-length';
    case 'boolean':
      return true;
    case 'number':
    case 'integer':
      return 1;
    default:
      return null;
  }
}

function digestAt(path: readonly string[], digests: Map<string, string>): string {
  const digest = digests.size.toString(16).padStart(64, '0');
  digests.set(path.join('.'), digest);
  return digest;
}
