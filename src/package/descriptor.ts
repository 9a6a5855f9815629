import { isUtf8 } from 'node:buffer';
import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import { ReleaseError } from '../core/rules/release-error';
import { inconsistenciesOf } from '../core/rules/plan-consistency';
import { Descriptor } from '../core/schema/descriptor';
import { FULL_SCOPE } from '../core/schema/plan';
import { problemsOf } from './descriptor-problems';
import type { Place, Problem } from './descriptor-problems';

export const DESCRIPTOR_FILE = 'release.yaml';
const DESCRIPTOR_BYTES_MAX = 1024 * 1024;
const ALIASES_MAX = 100;

/**
 * Reads `release.yaml`.
 * @throws ReleaseError DESCRIPTOR_INVALID with a line for each problem: file:line:column, what was found, what is expected
 */
export function parseDescriptor(bytes: Buffer): Descriptor {
  const yaml = readYaml(bytes);
  const value = valueOf(yaml);
  const parsed = Descriptor.safeParse(value);
  if (!parsed.success) throw located(yaml, problemsOf(parsed.error.issues, value));
  const problems = inconsistenciesOf(parsed.data, FULL_SCOPE);
  if (problems.length > 0) throw located(yaml, problems.map(inValue));
  return parsed.data;
}

/** The error for problems that were found elsewhere, such as files that are not there, at their places in the descriptor. */
export function descriptorError(
  bytes: Buffer,
  problems: readonly { readonly at: Place; readonly message: string }[],
): ReleaseError {
  return located(readYaml(bytes), problems.map(inValue));
}

interface Yaml {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

function readYaml(bytes: Buffer): Yaml {
  if (bytes.length > DESCRIPTOR_BYTES_MAX) throw invalid(['is larger than 1 MiB: that is no descriptor']);
  if (!isUtf8(bytes)) throw invalid(['is not UTF-8']);
  const lines = new LineCounter();
  const text = bytes.toString('utf8');
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [first] = [...document.errors, ...document.warnings];
  if (first !== undefined) throw syntaxError(text, lines, first);
  return { document, lines };
}

/** The first error alone: in YAML the others follow from it. */
function syntaxError(text: string, lines: LineCounter, error: YAMLError): ReleaseError {
  const [offset] = error.pos;
  const { line, col } = lines.linePos(offset);
  const quorum = /[{,][^"'\n]*\bof\s*\[/.test(text.split('\n')[line - 1] ?? '');
  const advice = quorum ? '. Inside braces a quorum needs quotes: "1 of [name, name]"' : '';
  return invalid([`${line}:${col}: ${error.message}${advice}`]);
}

function valueOf({ document }: Yaml): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw new ReleaseError('DESCRIPTOR_INVALID', `${DESCRIPTOR_FILE}: its aliases unfold without end`, {
      cause,
    });
  }
}

function inValue({ at, message }: Pick<Problem, 'at' | 'message'>): Problem {
  return { at, message, end: 'value' };
}

function located({ document, lines }: Yaml, problems: readonly Problem[]): ReleaseError {
  const found = problems.map((problem) => ({
    problem,
    position: lines.linePos(offsetOf(document, problem)),
  }));
  found.sort((one, other) => one.position.line - other.position.line);
  return invalid(
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

function invalid(lines: readonly string[]): ReleaseError {
  return new ReleaseError(
    'DESCRIPTOR_INVALID',
    lines.map((line) => `${DESCRIPTOR_FILE}:${line}`).join('\n'),
    {
      details: { problems: lines },
    },
  );
}
