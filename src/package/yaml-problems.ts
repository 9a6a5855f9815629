import type { z } from 'zod';
import type { JsonSchema } from './json-schema';
import { nearestWord } from './nearest-word';

/** Keys and indexes that lead to a place in the file. */
export type Place = readonly PropertyKey[];

/** One thing that is wrong with a file, in a sentence that says what was found and what is expected. */
export interface Problem {
  readonly at: Place;
  /** Which end of the place a person has to look at. */
  readonly end: 'key' | 'value';
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

const FOUND_CHARACTERS = 60;

/** What was read: the whole value, and which keys may stand where. */
export interface Read {
  readonly value: unknown;
  readonly keys: () => JsonSchema;
}

/** What zod found, for people. */
export function problemsOf(issues: readonly Issue[], { value, keys }: Read): readonly Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey(issue.path, key, knownKeysAt(issue.path, keys())));
    return [{ at: issue.path, end: 'value' as const, message: sentence(issue, valueAt(value, issue.path)) }];
  });
}

/** `tiers[0].apply`, as people write a place. */
function named(at: Place): string {
  const steps = at.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return steps.join('').replace(/^\./, '');
}

function unknownKey(path: Place, key: string, known: readonly string[]): Problem {
  const meant = nearestWord(key, known);
  const advice =
    meant === undefined ? `known here are ${known.map(quoted).join(', ')}` : `did you mean ${quoted(meant)}?`;
  return { at: [...path, key], end: 'key', message: `${quoted(named([...path, key]))} is no key; ${advice}` };
}

function sentence(issue: Issue, found: unknown): string {
  const place = named(issue.path);
  const expected = expectationOf(issue);
  if (issue.code === 'custom') return `${place}: ${issue.message}`;
  if (issue.code === 'invalid_key') return `${quoted(place)} is no name; expected ${expected}`;
  const subject = place === '' ? 'the whole' : quoted(place);
  if (found === undefined) return `${subject} is missing; expected ${expected}`;
  const advice = expected === 'a text' && typeof found === 'number' ? '. Put it in quotes' : '';
  return `${subject} is ${shown(found)}; expected ${expected}${advice}`;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'keys with values'],
  ['record', 'keys with values'],
  ['null', 'null'],
]);

function expectationOf(issue: Issue): string {
  if (issue.code === 'invalid_type')
    return isQuorum(issue) ? QUORUM : (TYPES.get(issue.expected) ?? issue.expected);
  if (issue.code === 'invalid_value') return issue.values.map((value) => shown(value)).join(' or ');
  if (issue.code === 'invalid_union') return issue.errors.map(branchOf).join(' or ');
  if (issue.code === 'invalid_key') return issue.issues.map(expectationOf).join(', ');
  if (issue.code === 'too_small') return `at least ${issue.minimum}${UNITS.get(issue.origin) ?? ''}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${UNITS.get(issue.origin) ?? ''}`;
  return issue.message;
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['string', ' characters'],
  ['array', ' of them'],
]);

const QUORUM = '`1 of [name, name]`';

function isQuorum({ path }: Issue): boolean {
  return path.at(-4) === 'gates' && path.at(-2) === 'approvals';
}

function branchOf(issues: readonly Issue[]): string {
  const [first] = issues;
  if (first === undefined) return 'something else';
  if (first.code === 'unrecognized_keys') return `the same without ${first.keys.map(quoted).join(', ')}`;
  const [key] = first.path;
  return key === undefined ? expectationOf(first) : `{${String(key)}: …}`;
}

function knownKeysAt(path: Place, whole: JsonSchema): readonly string[] {
  let schemas: readonly JsonSchema[] = [whole];
  for (const step of path) schemas = schemas.flatMap((schema) => stepInto(schema, step));
  return schemas.flatMap(branches).flatMap((schema) => Object.keys(schema.properties ?? {}));
}

function stepInto(schema: JsonSchema, step: PropertyKey): JsonSchema[] {
  return branches(schema).flatMap(({ properties, additionalProperties, items }) => {
    const next = typeof step === 'number' ? items : (properties?.[String(step)] ?? additionalProperties);
    return typeof next === 'object' && !Array.isArray(next) ? [next] : [];
  });
}

function branches(schema: JsonSchema): JsonSchema[] {
  return (schema.anyOf ?? [schema]).filter((branch) => typeof branch === 'object');
}

function valueAt(value: unknown, path: Place): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
  return text.length > FOUND_CHARACTERS ? `${text.slice(0, FOUND_CHARACTERS)}…` : text;
}

function quoted(word: string): string {
  return `\`${word}\``;
}
