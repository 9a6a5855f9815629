import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Act } from '../client/act';
import type { Temporal } from '../client/connection';
import { askStatus } from '../client/question';
import { SIGNATURE_NAMESPACE, packSigned, statementText } from '../core/rules/approval-statement';
import { decisionOf } from '../core/rules/judge-act';
import { ReleaseError } from '../core/rules/release-error';
import { ApprovalStatement } from '../core/schema/act';
import type { ApprovalPayload } from '../core/schema/act';
import { wordsOf } from '../embedded/system-error';
import { signBySsh } from '../evidence/ssh-signature';
import type { CommandContext } from './command';
import { parseJsonFile } from './input';

/** An act at a gate as a person gives it, before anybody has signed it. */
export interface ApprovalAct extends Act {
  readonly act: 'approve' | 'openGate' | 'reject' | 'withdraw';
  readonly payload: ApprovalPayload;
}

/** What an act states of a release as it stands now: what is to be signed. @throws NO_WORKER, USAGE where it takes no approval */
export async function statementOfAct(
  temporal: Temporal,
  id: string,
  { act, payload }: ApprovalAct,
): Promise<ApprovalStatement> {
  const answer = await askStatus(temporal, id);
  if (!answer.answered)
    throw new ReleaseError('NO_WORKER', `${id} cannot be asked what an approval is bound to: ${answer.why}`, {
      hint: 'Start a worker with `one-roof worker`; a signature needs the facts that it stands for.',
    });
  const { approving, scope, target } = answer.value;
  if (approving === undefined) throw new ReleaseError('USAGE', `${id} takes no approvals`);
  const { gate, digest, as: who, reason, key } = payload;
  const { rehearsal, schema } = approving;
  const at = new Date().toISOString();
  const decision = decisionOf(act);
  return { release: id, digest, scope, target, gate, rehearsal, schema, decision, who, at, reason, key };
}

interface Signing {
  readonly id: string;
  readonly act: ApprovalAct;
  readonly key: string;
  readonly environment: CommandContext['environment'];
}

/** The same act with an SSH signature over its statement. @throws TOOL_FAILED */
export async function signedAct(
  temporal: Temporal,
  { id, act, key, environment }: Signing,
): Promise<ApprovalAct> {
  const text = statementText(await statementOfAct(temporal, id, act));
  const signal = AbortSignal.timeout(120_000); // somebody types a passphrase or touches a key
  const signature = await signBySsh(text, { key, environment, namespace: SIGNATURE_NAMESPACE, signal });
  return { ...act, payload: { ...act.payload, signed: packSigned(text, signature) } };
}

/** Writes what is to be signed elsewhere. @returns the file and how it is signed and sent */
export async function writeStatement(
  { folder }: CommandContext,
  file: string,
  statement: ApprovalStatement,
): Promise<{ readonly file: string; readonly next: readonly string[] }> {
  const path = resolve(folder, file);
  try {
    await writeFile(path, statementText(statement), { flag: 'wx' });
  } catch (cause) {
    throw new ReleaseError('USAGE', `${file} cannot be written: ${wordsOf(cause)}`, {
      hint: 'Name a file that is not there yet, in a folder that is.',
      cause,
    });
  }
  const command = COMMAND_OF[statement.decision];
  const next = [
    `ssh-keygen -Y sign -n ${SIGNATURE_NAMESPACE} -f KEY ${file}`,
    `one-roof ${command} --file ${file} --yes`,
  ];
  return { file: path, next };
}

const COMMAND_OF = { approved: 'approve', rejected: 'reject', withdrawn: 'withdraw' } as const;

/**
 * An act that somebody has written, and signed where a signature lies beside it. @returns the release and the act
 * @throws USAGE where the file is no statement of that act, or cannot be read
 */
export async function readStatement(
  { folder }: CommandContext,
  act: ApprovalAct['act'],
  { file, signature }: { readonly file: string; readonly signature: string | undefined },
): Promise<{ readonly id: string; readonly act: ApprovalAct }> {
  const text = await read(folder, file);
  const statement = parseJsonFile(file, text, ApprovalStatement);
  if (decisionOf(act) !== statement.decision)
    throw new ReleaseError('USAGE', `${file} states that it is ${statement.decision}: it is no ${act}`, {
      hint: `Send it with \`one-roof ${COMMAND_OF[statement.decision]} --file ${file}\`.`,
    });
  const armoured =
    signature === undefined ? await readIfThere(folder, `${file}.sig`) : await read(folder, signature);
  const { release: id, gate, digest, who: as, reason, key } = statement;
  const signed = armoured === undefined ? {} : { signed: packSigned(text, armoured) };
  return { id, act: { act, payload: { key, gate, digest, as, reason, ...signed } } };
}

async function read(folder: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(folder, file), 'utf8');
  } catch (cause) {
    throw new ReleaseError('USAGE', `${file} cannot be read: ${wordsOf(cause)}`, { cause });
  }
}

async function readIfThere(folder: string, file: string): Promise<string | undefined> {
  return await readFile(resolve(folder, file), 'utf8').catch(() => undefined);
}

/** Does it bear a signature already? */
export function isSigned({ payload }: ApprovalAct): boolean {
  return payload.signed !== undefined;
}
