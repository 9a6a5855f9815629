import { spawn } from 'node:child_process';
import { z } from 'zod';

/** A numbered step of a runbook's break-glass part: what is pasted, and what stands behind it. */
export interface RunbookStep {
  readonly title: string;
  readonly command: string | null;
  /** What it must print, word for word; null: the words alone say it. */
  readonly prints: string | null;
  readonly words: string;
}

/** What a step printed, and its exit code. */
export interface Followed extends RunbookStep {
  readonly printed: string;
  readonly code: number;
}

/** The steps of one section of a Markdown runbook. */
export function stepsOf(markdown: string, section: string): readonly RunbookStep[] {
  const from = markdown.indexOf(`\n## ${section}\n`);
  if (from === -1) throw new Error(`the runbook has no section ${section}`);
  const [, body = ''] = markdown.slice(from).split(/^## .*$/m);
  return body
    .split(/^\*\*(?=\d+\. )/m)
    .slice(1)
    .map((text) => ({
      title: text.slice(0, text.indexOf('**')),
      command: blockOf(text, 'sh'),
      prints: blockOf(text, 'text'),
      words: text.replaceAll(/^~~~\w+\n[^]*?^~~~$/gm, ''),
    }));
}

/** The variables that the first step tells to set. */
export function variablesOf(steps: readonly RunbookStep[]): readonly string[] {
  const rows = (steps[0]?.words ?? '').split('\n').filter((line) => /^\| [A-Z]/.test(line));
  return rows.flatMap((row) => (row.split('|')[1] ?? '').split(',').map((name) => name.trim()));
}

/** Pastes every block into one shell, whose environment holds nothing but what is given. */
export async function follow(
  steps: readonly RunbookStep[],
  environment: Readonly<Record<string, string>>,
): Promise<readonly Followed[]> {
  const pasted = steps.filter(({ command }) => command !== null);
  const script = pasted.map(({ command }) => `${command ?? ''}\nprintf '\\n%s %s\\n' "${END}" "$?"\n`);
  const shell = spawn('bash', ['--noprofile', '--norc', '-s'], { env: environment, stdio: 'pipe' });
  let said = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  shell.stdin.end(`exec 2>&1\n${script.join('')}`);
  await new Promise((resolve) => shell.once('close', resolve));
  const ends = said.split(new RegExp(`^${END} (\\d+)\\n`, 'm'));
  return pasted.map((step, index) => ({
    ...step,
    printed: (ends[index * 2] ?? '').replace(/\n$/, ''),
    code: z.coerce.number().parse(ends[index * 2 + 1] ?? 'the shell has ended before it'),
  }));
}

const END = '=== end of a step of the runbook:';

/** What a person who compares would object to; nothing where all is as the runbook says. */
export function objections(followed: readonly Followed[], who: string): readonly string[] {
  return followed.flatMap((step) => {
    const why = step.code === 0 ? objection(step, who) : `exit code ${step.code}`;
    return why === undefined ? [] : [`${step.title} ${why}:\n${step.printed}`];
  });
}

function objection({ prints, words, printed }: Followed, who: string): string | undefined {
  const got = printed.trimEnd().split('\n');
  if (prints === null) return wordsObjection(words, printed.trimEnd(), got);
  const wanted = prints.replaceAll('WHO', who).split('\n');
  if (words.includes('in this order')) {
    const told = got.filter((line) => wanted.includes(line));
    return told.join('\n') === wanted.join('\n') && !printed.includes('ERROR') ? undefined : 'other tiers';
  }
  if (words.includes('in any order'))
    return wanted.every((line) => got.includes(line)) ? undefined : `not among it: ${prints}`;
  return got.join('\n') === wanted.join('\n') ? undefined : `is not ${wanted.join('\n')}`;
}

function wordsObjection(words: string, printed: string, got: readonly string[]): string | undefined {
  if (words.includes('rints nothing') || words.includes('print nothing'))
    return printed === '' ? undefined : 'is not nothing';
  if (words.includes('`|t|`'))
    return got.length > 1 && got.every((line) => line.includes('|t|')) ? undefined : 'a check fails';
  if (words.includes('a number > 0')) return Number(printed) > 0 ? undefined : 'is not > 0';
  return 'says nothing that could be compared';
}

function blockOf(text: string, language: string): string | null {
  return new RegExp(`^~~~${language}\\n([^]*?)\\n~~~$`, 'm').exec(text)?.[1] ?? null;
}
