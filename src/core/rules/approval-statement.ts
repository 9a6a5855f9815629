import type { ApprovalStatement } from '../schema/act';
import { canonicalJson } from './canonical-json';

/** What an SSH signature of an approval stands for; one that was made for anything else does not count. */
export const SIGNATURE_NAMESPACE = 'one-roof-approval';

/** A clock may be so far ahead of the workflow's. */
const CLOCKS_DIFFER_MS = 300_000;

/** The very bytes that an approver signs: canonical JSON and a line feed. */
export function statementText(statement: ApprovalStatement): string {
  return `${canonicalJson(statement)}\n`;
}

/** A signed act as it travels in `signed`: the statement word for word, and its armoured signature. */
export interface SignedStatement {
  readonly statement: string;
  readonly signature: string;
  /** When it was signed, by the signer's own clock; ISO 8601. */
  readonly at: string;
}

/** What a statement must say, but for its time. */
export type Expected = Omit<ApprovalStatement, 'at'>;

/** Takes `signed` apart. @returns undefined where it is nothing of the kind */
export function readSigned(signed: string): SignedStatement | undefined {
  const parts = recordOf(signed);
  const { statement, signature } = parts ?? {};
  if (typeof statement !== 'string' || typeof signature !== 'string') return undefined;
  const at = recordOf(statement)?.['at'];
  return typeof at === 'string' ? { statement, signature, at } : undefined;
}

/** `signed` of a statement and its signature. */
export function packSigned(statement: string, signature: string): string {
  return JSON.stringify({ statement, signature });
}

/** @returns why a signed statement does not say what is expected, here and now; undefined where it does */
export function statementFault(
  { statement, at }: SignedStatement,
  expected: Expected,
  clock: { readonly now: number; readonly validForMs: number },
): string | undefined {
  const said = recordOf(statement) ?? {};
  const wanted: Readonly<Record<string, unknown>> = { ...expected, at };
  for (const [field, value] of Object.entries(wanted)) {
    if (said[field] === value) continue;
    const change = CHANGING.includes(field) ? '; what it was signed for has changed: read it again' : '';
    return `the signed statement says ${field} ${shown(said[field])}, and this release has ${shown(value)}${change}`;
  }
  if (statement !== statementText({ ...expected, at }))
    return 'the signed statement is not in its canonical form';
  const signedAt = Date.parse(at);
  if (Number.isNaN(signedAt)) return 'the signed statement bears no time';
  if (signedAt > clock.now + CLOCKS_DIFFER_MS) return `it was signed in the future: ${at}`;
  if (signedAt + clock.validForMs <= clock.now) return `it was signed ${at} and has expired`;
  return undefined;
}

const CHANGING = ['rehearsal', 'schema'];

function recordOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 24 ? `${text.slice(0, 12)}…` : text;
}
