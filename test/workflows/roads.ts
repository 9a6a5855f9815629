import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SIGNATURE_NAMESPACE, packSigned, statementText } from '../../src/core/rules/approval-statement';
import type { ApprovalStatement } from '../../src/core/schema/act';
import { signBySsh } from '../../src/evidence/ssh-signature';
import { CHECKOUT } from '../support/temporal';
import { PACKAGE } from '../support/prepared';
import type { ToldRelease, ToldWorld } from './told';

/** How the command line answered an act. */
export const Answer = z.object({
  exit: z.number(),
  accepted: z.boolean().optional(),
  reason: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type Answer = z.infer<typeof Answer>;

/** Runs the built command line against a told world. */
export function commandLine(world: ToldWorld, words: readonly string[], folder: string): Promise<Answer> {
  const { address, namespace } = world.place;
  const main = join(CHECKOUT, 'dist', 'cli', 'main.js');
  const args = [main, ...words, '--json', '--address', address, '--namespace', namespace];
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', NODE_NO_WARNINGS: '1' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env, cwd: folder }, (_, stdout) => {
      const document: unknown = JSON.parse(stdout);
      resolve(Answer.parse({ ...Object(document), exit: child.exitCode ?? -1 }));
    });
  });
}

const ENVIRONMENT = { PATH: process.env['PATH'] };

/** Signs bytes as an approver would. */
export function sign(text: string, key: string, namespace = SIGNATURE_NAMESPACE): Promise<string> {
  return signBySsh(text, { key, namespace, environment: ENVIRONMENT, signal: AbortSignal.timeout(30_000) });
}

/** What dba-a would have to sign to approve a release at its gate `rollout` as it stands. */
export async function statementFor(
  release: ToldRelease,
  change: Partial<ApprovalStatement> = {},
): Promise<ApprovalStatement> {
  const { approving, scope, target } = await release.status();
  const { rehearsal = null, schema = null } = approving ?? {};
  return {
    release: release.handle.workflowId,
    digest: PACKAGE.digest,
    scope,
    target,
    gate: 'rollout',
    rehearsal,
    schema,
    decision: 'approved',
    who: 'dba-a',
    at: new Date().toISOString(),
    reason: 'said so',
    key: `signed-${Math.random().toString(36).slice(2)}`,
    ...change,
  };
}

/** The payload of a signal that bears a signed statement. */
export function payloadOf(statement: ApprovalStatement, signed: string): Readonly<Record<string, unknown>> {
  const { key, gate, digest, who: as, reason } = statement;
  return { key, gate, digest, as, reason, signed };
}

/** `signed`, made with a key. */
export async function signedBy(statement: ApprovalStatement, key: string, text = statementText(statement)) {
  return packSigned(text, await sign(text, key));
}

/** The statement and its signature in a folder of their own. @returns the statement's file */
export async function writtenFor(statement: ApprovalStatement, key: string, folder: string): Promise<string> {
  const file = join(mkdtempSync(join(folder, 'approval-')), 'approval.json');
  const text = statementText(statement);
  writeFileSync(file, text);
  writeFileSync(`${file}.sig`, await sign(text, key));
  return file;
}
