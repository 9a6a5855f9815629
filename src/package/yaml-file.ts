import { isUtf8 } from 'node:buffer';
import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import type { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import type { JsonSchema } from './json-schema';
import { problemsOf } from './yaml-problems';
import type { Place, Problem } from './yaml-problems';

/** A YAML file that people write: how messages call it, the code of its errors, and what it holds. */
export interface YamlFile {
  readonly name: string;
  readonly code: 'DESCRIPTOR_INVALID' | 'CONFIG_INVALID';
  readonly bytes: Buffer;
}

/** What may stand in it: the schema, and the same as JSON Schema, which knows the keys of every place. */
export interface YamlForm<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly keys: () => JsonSchema;
}

const YAML_BYTES_MAX = 1024 * 1024;
const ALIASES_MAX = 100;

/**
 * Reads it by its schema.
 * @throws ReleaseError of its code with a line for each problem: file:line:column, what was found, what is expected
 */
export function parseYamlFile<Schema extends z.ZodType>(
  file: YamlFile,
  { schema, keys }: YamlForm<Schema>,
): z.infer<Schema> {
  const yaml = readYaml(file);
  const value = valueOf(file, yaml);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw located(file, yaml, problemsOf(parsed.error.issues, { value, keys }));
}

/** The error for problems that were found elsewhere, such as files that are not there, at their places in the file. */
export function yamlError(
  file: YamlFile,
  problems: readonly { readonly at: Place; readonly message: string }[],
): ReleaseError {
  const inValues = problems.map(({ at, message }) => ({ at, message, end: 'value' as const }));
  return located(file, readYaml(file), inValues);
}

interface Yaml {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

function readYaml(file: YamlFile): Yaml {
  const { name, code, bytes } = file;
  if (bytes.length > YAML_BYTES_MAX) throw new ReleaseError(code, `${name} is larger than 1 MiB`);
  if (!isUtf8(bytes)) throw new ReleaseError(code, `${name} is not UTF-8`);
  const lines = new LineCounter();
  const text = bytes.toString('utf8');
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [first] = [...document.errors, ...document.warnings];
  if (first !== undefined) throw invalid(file, [syntaxProblem(text, lines, first)]);
  return { document, lines };
}

/** The first error alone: in YAML the others follow from it. */
function syntaxProblem(text: string, lines: LineCounter, error: YAMLError): string {
  const [offset] = error.pos;
  const { line, col } = lines.linePos(offset);
  const quorum = /[{,][^"'\n]*\bof\s*\[/.test(text.split('\n')[line - 1] ?? '');
  const advice = quorum ? '. Inside braces a quorum needs quotes: "1 of [name, name]"' : '';
  return `${line}:${col}: ${error.message}${advice}`;
}

function valueOf(file: YamlFile, { document }: Yaml): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw new ReleaseError(file.code, `${file.name}: its aliases unfold without end`, { cause });
  }
}

function located(file: YamlFile, { document, lines }: Yaml, problems: readonly Problem[]): ReleaseError {
  const found = problems.map((problem) => ({
    problem,
    position: lines.linePos(offsetOf(document, problem)),
  }));
  found.sort((one, other) => one.position.line - other.position.line);
  return invalid(
    file,
    found.map(({ problem, position }) => `${position.line}:${position.col}: ${problem.message}`),
  );
}

/** Where a place begins; where it does not exist, where the nearest thing around it begins. */
function offsetOf(document: Document.Parsed, { at, end }: Problem): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of at.entries()) {
    const { key, value } = child(document, node, step);
    if (value === undefined) break;
    const atKey = end === 'key' && index === at.length - 1;
    offset = startOf(atKey ? key : value) ?? startOf(key) ?? offset;
    node = value;
  }
  return offset;
}

function child(document: Document.Parsed, node: unknown, step: PropertyKey) {
  const around = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(around)) return { key: undefined, value: around.items[Number(step)] };
  const pair = isMap(around)
    ? around.items.find(({ key }) => isScalar(key) && key.value === step)
    : undefined;
  return { key: pair?.key, value: pair?.value };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function invalid({ name, code }: YamlFile, problems: readonly string[]): ReleaseError {
  const message = problems.map((problem) => `${name}:${problem}`).join('\n');
  return new ReleaseError(code, message, { details: { problems } });
}
