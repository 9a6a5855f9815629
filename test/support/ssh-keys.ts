import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes a key pair in a folder. @returns the private key's file */
export async function makeKey(folder: string, name: string, type = 'ed25519'): Promise<string> {
  const file = join(folder, name);
  await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', file]);
  return file;
}

/** A line of an allowed-signers file. */
export function allowedLine(who: string, key: string, options = 'namespaces="one-roof-approval"'): string {
  return `${who} ${options} ${readFileSync(`${key}.pub`, 'utf8').trim()}\n`;
}

/** An allowed-signers file of these lines. */
export function writeAllowed(folder: string, lines: readonly string[]): string {
  const file = join(folder, 'allowed_signers');
  writeFileSync(file, lines.join(''));
  return file;
}
