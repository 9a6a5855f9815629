import { entriesOf, isFields, textOf } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import { textsOf } from './names-used';
import type { Refusal } from './refusal';
import { isPermittedSetting } from './settings';

/** A refusal where the node itself says where it stands, unless it is said here. */
export type Found = Omit<Refusal, 'layer' | 'location'> & { readonly location?: number };

/**
 * Permitted functions of which only some calls are. Most of these rules are about time: the server looks at its clock between rows and in
 * most loops, but not while one function works on one huge value, and then neither a limit nor a cancel ends it.
 */
export function refusedArguments({ funcname, args, func_variadic: isVariadic }: Fields): Found | undefined {
  const name = textsOf(funcname).at(-1) ?? '';
  const given = itemsOf(args);
  if (isVariadic === true && name.endsWith('multirange')) return slow(name, 'ranges one by one');
  return RULES.get(name)?.(given, name);
}

/** May it not be called as a field, where nobody looks at its argument? Those of the others' rules have several. */
export function isJudgedByItsArgument(name: string): boolean {
  return name === 'current_setting';
}

/** A setting is asked for by name alone, or it could be any. */
export function refusedSetting(name: string | undefined): Found | undefined {
  if (name !== undefined && isPermittedSetting(name)) return undefined;
  const reason =
    'settings may hold commands, paths and secrets; it is not among those that a read may ask for';
  return { construct: `setting ${name ?? 'whose name is no constant'}`, reason };
}

type Rule = (args: readonly unknown[], name: string) => Found | undefined;

const MOST_REPEATED = 100_000;
const MOST_CHARACTERS = 256;

/** What is searched for, at which place, is compared with every character of a text. */
const soughtAt =
  (...places: readonly number[]): Rule =>
  (args, name) =>
    places.every((place) => args[place] === undefined || isSmall(args[place]))
      ? undefined
      : slow(name, `a constant of at most ${MOST_CHARACTERS} characters, or a column, to search for`);

/** So many characters at most; of what is no constant, so many pieces. */
const repeated: Rule = ([text, count], name) => {
  const times = numberOf(count) ?? 0;
  const length = name === 'repeat' ? (constantOf(text)?.length ?? 10) : 1;
  const isShort = times * length <= MOST_REPEATED;
  return isShort && !holdsRepeated(text)
    ? undefined
    : slow(name, `at most ${MOST_REPEATED} characters, once`);
};

const REPEATING: ReadonlySet<string> = new Set(['repeat', 'lpad', 'rpad', 'string_agg']);

/** Is there anything in it that repeats a text, by the name of a function alone? */
function holdsRepeated(tree: unknown): boolean {
  for (const { key, value } of entriesOf(tree, 0))
    if (key === 'funcname' && REPEATING.has(textsOf(value).at(-1) ?? '')) return true;
  return false;
}

/** `a like b`: each place in the text is tried with all of the pattern. */
export function refusedPattern({ kind, rexpr }: Fields): Found | undefined {
  const isPattern = kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE';
  return isPattern && holdsRepeated(rexpr) ? slow('LIKE', 'a pattern that nothing repeats') : undefined;
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['current_setting', ([name]) => refusedSetting(constantOf(name))],
  ['format', ([pattern], name) => (isNarrow(constantOf(pattern)) ? undefined : slow(name, NARROW))],
  ['translate', soughtAt(1, 2)],
  ['strpos', soughtAt(1)],
  ['position', soughtAt(1)],
  ['replace', soughtAt(1, 2)],
  ['split_part', soughtAt(1)],
  ['string_to_array', soughtAt(1)],
  ['string_to_table', soughtAt(1)],
  ['btrim', soughtAt(1)],
  ['ltrim', soughtAt(1)],
  ['rtrim', soughtAt(1)],
  ['repeat', repeated],
  ['lpad', repeated],
  ['rpad', repeated],
  ['array_fill', (_, name) => slow(name, '`array_agg` of a `generate_series`')],
]);

const NARROW = "a constant pattern without wide columns, such as format('%I.%I', a, b)";
const WIDE = /%[\d$-]*(?:\*|\d{5})/;

function isNarrow(pattern: string | undefined): boolean {
  return pattern !== undefined && !WIDE.test(pattern.replaceAll('%%', ''));
}

function slow(name: string, instead: string): Found {
  const reason =
    'on values that are large enough the server works for hours, and does not look at its clock meanwhile';
  return { construct: `this call of ${name}`, reason, instead };
}

/** They make nothing longer than what they are given. */
const SMALL: ReadonlySet<string> = new Set(['chr', 'lower', 'upper']);

/** A short constant, also as `chr(10)` and with a cast, or a column, which only those who write tables make long. */
function isSmall(argument: unknown): boolean {
  if (!isFields(argument)) return false;
  const { TypeCast: cast, FuncCall: call } = argument;
  if (isFields(cast)) return isSmall(cast['arg']);
  if (isFields(call))
    return SMALL.has(textsOf(call['funcname']).at(-1) ?? '') && itemsOf(call['args']).every(isSmall);
  const constant = constantOf(argument);
  return 'ColumnRef' in argument || (constant !== undefined && constant.length <= MOST_CHARACTERS);
}

function itemsOf(args: unknown): readonly unknown[] {
  return Array.isArray(args) ? args : [];
}

function constantOf(argument: unknown): string | undefined {
  if (!isFields(argument) || !isFields(argument['A_Const'])) return undefined;
  return argument['A_Const']['isnull'] === true ? '' : textOf(argument);
}

/** A whole number that stands there; those beyond four bytes are written as fractions are. */
function numberOf(argument: unknown): number | undefined {
  const constant = isFields(argument) ? argument['A_Const'] : undefined;
  if (!isFields(constant)) return undefined;
  const { ival, fval } = constant;
  const found = isFields(ival) ? ival['ival'] : isFields(fval) ? fval['fval'] : undefined;
  return found === undefined ? undefined : Number(found);
}
