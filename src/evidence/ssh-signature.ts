import { spawn } from 'node:child_process';
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';

/** OpenSSH's own program makes and verifies signatures: keys of every kind that it knows, hardware keys and agents too. */
const PROGRAM = 'ssh-keygen';

/** What the program may know, its PATH and where the agent is, and when it is to give up. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Whose signature is looked for, and what it must have been made for. */
export interface Signer {
  /** A file in the format of OpenSSH: names, options, key. */
  readonly allowedSigners: string;
  readonly who: string;
  readonly namespace: string;
}

/**
 * @returns why it is no signature of that person over exactly these bytes, in OpenSSH's words; null where it is
 * @throws TOOL_FAILED where OpenSSH is not there or the file of the allowed signers cannot be read
 */
export async function verifySshSignature(
  signed: { readonly statement: string; readonly signature: string },
  { allowedSigners, who, namespace }: Signer,
  surroundings: Surroundings,
): Promise<string | null> {
  await access(allowedSigners, constants.R_OK).catch((cause: unknown) => {
    throw new ReleaseError('TOOL_FAILED', 'the file of the allowed signers cannot be read', { cause });
  });
  const folder = await mkdtemp(join(tmpdir(), 'one-roof-signature-'));
  try {
    const file = join(folder, 'signature');
    await writeFile(file, signed.signature, { mode: 0o600 });
    const words = ['-Y', 'verify', '-f', allowedSigners, '-I', who, '-n', namespace, '-s', file];
    const { code, said } = await run(words, { input: signed.statement, ...surroundings });
    if (code === 0) return null;
    const why = said.replaceAll(allowedSigners, 'allowed signers').replaceAll(file, 'signature'); // no path of this disk
    return `no good signature of ${who} in namespace ${namespace}: ${why || `${PROGRAM} ended with ${code}`}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** With which key, and for what purpose. */
export interface Signing extends Surroundings {
  readonly key: string;
  readonly namespace: string;
}

/**
 * Signs with a private key, or by the agent where `key` is a public one. What the program asks for (a passphrase, a touch) it
 * asks on the terminal. @returns the armoured signature. @throws TOOL_FAILED with its own words
 */
export async function signBySsh(
  statement: string,
  { key, namespace, environment, signal }: Signing,
): Promise<string> {
  const words = ['-Y', 'sign', '-f', key, '-n', namespace];
  const { code, said, answer } = await run(words, { input: statement, signal, environment });
  if (code === 0 && answer.includes('BEGIN SSH SIGNATURE')) return answer;
  throw new ReleaseError('TOOL_FAILED', `${PROGRAM} has not signed: ${said || `it ended with ${code}`}`, {
    hint: 'Give the private key, or its public one where ssh-agent holds the other.',
  });
}

interface Fed extends Surroundings {
  readonly input: string;
}

interface Ran {
  readonly code: number;
  readonly answer: string;
  readonly said: string;
}

function run(words: readonly string[], { input, signal, environment }: Fed): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, words, { stdio: ['pipe', 'pipe', 'pipe'], signal, env: environment });
    let answer = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (answer += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', (cause) =>
      reject(
        new ReleaseError('TOOL_FAILED', `${PROGRAM} could not be run: ${cause.message}`, {
          hint: 'Install OpenSSH (openssh-client) where this runs.',
          cause,
        }),
      ),
    );
    child.once('close', (code) => resolve({ code: code ?? 1, answer, said: said.trim() }));
    child.stdin.on('error', () => undefined); // it did not want to hear: its exit code counts
    child.stdin.end(input);
  });
}
