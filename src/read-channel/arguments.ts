import { isFields, textOf } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import { textsOf } from './names-used';
import type { Refusal } from './refusal';
import { isPermittedSetting } from './settings';

/** A refusal where the node itself says where it stands, unless it is said here. */
export type Found = Omit<Refusal, 'layer' | 'location'> & { readonly location?: number };

/** Permitted functions of which only some calls are: what they do depends on a text, and that must be seen. */
export function refusedArguments({ funcname, args }: Fields): Found | undefined {
  const name = textsOf(funcname).at(-1) ?? '';
  const given: readonly unknown[] = Array.isArray(args) ? args : [];
  const rule = RULES.get(name);
  return rule?.(given.map(constantOf));
}

/** A setting is asked for by name alone, or it could be any. */
export function refusedSetting(name: string | undefined): Found | undefined {
  if (name !== undefined && isPermittedSetting(name)) return undefined;
  const reason =
    'settings may hold commands, paths and secrets; it is not among those that a read may ask for';
  return { construct: `setting ${name ?? 'whose name is no constant'}`, reason };
}

type Rule = (constants: readonly (string | undefined)[]) => Found | undefined;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['current_setting', ([name]) => refusedSetting(name)],
  ['format', ([pattern]) => refusedFormat(pattern)],
  ['translate', ([, from, to]) => refusedTranslate(from, to)],
]);

const WIDE = /%[\d$-]*(?:\*|\d{5})/;

/** A width of a thousand million is padded without looking at the clock. */
function refusedFormat(pattern: string | undefined): Found | undefined {
  if (pattern !== undefined && !WIDE.test(pattern.replaceAll('%%', ''))) return undefined;
  const reason = 'a width may be so large that the server does not look at its clock for minutes';
  return {
    construct: 'format',
    reason,
    instead: "a constant pattern without wide columns, such as format('%I.%I', a, b)",
  };
}

const LISTED_CHARACTERS = 256;

/** It compares each character with each of the list, and does not look at the clock. */
function refusedTranslate(from: string | undefined, to: string | undefined): Found | undefined {
  const isShort = (list: string | undefined): boolean =>
    list !== undefined && list.length <= LISTED_CHARACTERS;
  if (isShort(from) && isShort(to)) return undefined;
  const reason = 'with long lists the server does not look at its clock for minutes';
  return {
    construct: 'translate',
    reason,
    instead: `constant lists of at most ${LISTED_CHARACTERS} characters`,
  };
}

function constantOf(argument: unknown): string | undefined {
  return isFields(argument) && 'A_Const' in argument ? (textOf(argument) ?? undefined) : undefined;
}
