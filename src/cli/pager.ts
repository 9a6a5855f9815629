import { spawn } from 'node:child_process';
import type { Environment } from '../postgres/endpoint';

/** Without `-X` the answer would be gone with the pager; `-F` lets what fits pass. */
const DEFAULT_PAGER = 'less -FRSX';
/** What a shell says when it has not found a program. */
const NOT_FOUND = 127;

/** Would the beginning of a text have gone past before anybody has read it? */
export function isHigher(text: string, size: { readonly rows: number } | undefined): boolean {
  return size !== undefined && text.split('\n').length >= size.rows;
}

/** Shows a text by $PAGER, else by less. Whoever leaves it early has seen enough. @returns false where there is no pager */
export async function page(text: string, environment: Environment): Promise<boolean> {
  const pager = environment['PAGER'] ?? DEFAULT_PAGER;
  const child = spawn('sh', ['-c', pager], { stdio: ['pipe', 'inherit', 'inherit'], env: environment });
  child.stdin.on('error', ignoreClosedPager);
  const exit = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(NOT_FOUND));
    child.once('exit', resolve);
  });
  child.stdin.end(`${text}\n`);
  return (await exit) !== NOT_FOUND;
}

function ignoreClosedPager(): void {
  return undefined;
}
