import { printed, shell, text } from '../document';
import type { Block } from '../document';

/** A step by hand: what to paste, and what it must print. */
export interface PsqlStep {
  readonly title: string;
  /** Why, or what to heed; nothing where the title says it. */
  readonly words?: string;
  /** Left out: there is nothing to paste. */
  readonly command?: string;
  /** Before what it prints: `It must print:` when left out. */
  readonly says?: string;
  /** Lines that it prints, word for word; none: the words say it all. */
  readonly prints?: readonly string[];
  readonly more?: readonly Block[];
}

/** Numbered steps, one action each, with what is expected after it. */
export function psqlSteps(all: readonly PsqlStep[]): readonly Block[] {
  return all.flatMap(({ title, words, command, says, prints, more }, index) => [
    text(`**${index + 1}. ${title}**${words === undefined ? '' : ` ${words}`}`),
    ...(more ?? []),
    ...(command === undefined ? [] : [shell(command)]),
    ...(prints === undefined ? [] : [text(says ?? 'It must print:'), printed(prints.join('\n'))]),
    ...(prints === undefined && says !== undefined ? [text(says)] : []),
  ]);
}

/** A word of a shell, whatever it holds; double quotes where single ones would make it hard to read. */
export function quoted(word: string): string {
  if (/^[\w./:@%+=-]+$/.test(word)) return word;
  if (word.includes("'") && !/["$`\\!]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** One statement, read by the executor: bare values, `|` between them, and an end at the first error. */
export function asks(sql: string): string {
  return `psql -XAt -v ON_ERROR_STOP=1 -c ${quoted(sql.trim())}`;
}

/** A file that only reads. */
export function reads(path: string): string {
  return `psql -XAt -v ON_ERROR_STOP=1 -f ${quoted(path)}`;
}
