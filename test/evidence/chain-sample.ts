import { canonicalJson } from '../../src/core/rules/canonical-json';
import { packSigned, statementText } from '../../src/core/rules/approval-statement';
import { rehearsalSummary } from '../../src/core/rules/evidence-links';
import type { Approval } from '../../src/core/schema/act';
import { LinkStatement } from '../../src/core/schema/evidence';
import type { Outcome } from '../../src/core/schema/evidence';
import type { ReleaseOutcome } from '../../src/core/schema/outcome';
import { chainText } from '../../src/evidence/chain-file';
import { digestOfText, newKey, signerOf } from '../../src/evidence/envelope';
import type { Signer } from '../../src/evidence/envelope';
import { nameOfEvidence } from '../../src/evidence/evidence-name';
import type { EvidenceFile } from '../../src/evidence/verification';
import { manifestLines, manifestOf } from '../../src/package/manifest';
import { digestOf } from '../../src/package/manifest';
import { rehearsalOutcome, releaseOutcome } from '../cli/outcomes';

export const OURS = signerOf(newKey());
export const THEIRS = signerOf(newKey());

const MANIFEST = manifestOf(new Map([['10.sql', Buffer.from('select 1')]]));
const PACKAGE = { name: 'one-roof-governance', version: '2026-06-03', digest: digestOf(MANIFEST) };
const AT = (minute: number): string => `2026-06-03T10:0${minute}:00.000Z`;

/** A file of evidence, and what it was made from. */
export interface Made {
  readonly file: EvidenceFile;
  readonly lines: readonly string[];
  readonly head: string;
}

/** The chain of any outcome, as the store keeps it. */
export function made(outcome: Outcome, signer: Signer = OURS, rehearsal: Outcome | null = null): Made {
  const summary = (rehearsal === null ? undefined : rehearsalSummary(rehearsal)) ?? null;
  const facts = { manifest: manifestLines(MANIFEST), rehearsal: summary };
  const { text, head } = chainText(outcome, facts, signer);
  const file = { name: nameOfEvidence(outcome, head), bytes: Buffer.from(text), isNamed: true };
  return { file, lines: text.trimEnd().split('\n'), head };
}

export const REHEARSAL_OUTCOME = rehearsalOutcome({
  package: PACKAGE,
  evidence: null,
  startedAt: '2026-06-03T08:00:00.000Z',
  endedAt: '2026-06-03T08:20:00.000Z',
});
export const REHEARSAL = made(REHEARSAL_OUTCOME);

/** An approval as it is given; of dba-a it bears a signature. */
export function approval(who: string, minute: number, differs: Partial<Approval> = {}): Approval {
  const statement = {
    release: 'release-one-roof-governance-osmxz2',
    digest: PACKAGE.digest,
    scope: 'full',
    target: 'production',
    gate: 'rollout',
    rehearsal: REHEARSAL.head,
    schema: null,
    decision: 'approved',
    who,
    at: AT(minute),
    reason: 'rehearsal read',
    key: `key-of-${who}`,
  } as const;
  const signed = packSigned(statementText(statement), 'SIGNATURE');
  return {
    ...statement,
    ...(who === 'dba-a' ? { assurance: 'ssh', signed } : { assurance: 'claimed' }),
    ...differs,
  };
}

/** A release that was approved by two, whose earlier approvals were voided, and that was rolled back. */
export function sampleRelease(differs: Partial<ReleaseOutcome> = {}): ReleaseOutcome {
  const accepted = (who: string, minute: number) =>
    ({
      key: `key-of-${who}`,
      act: 'approve',
      as: who,
      at: AT(minute),
      gate: 'rollout',
      accepted: true,
    }) as const;
  return releaseOutcome({
    package: PACKAGE,
    outcome: 'rolled back',
    rolledBack: true,
    rehearsal: REHEARSAL.head,
    evidence: null,
    startedAt: AT(0),
    endedAt: AT(8),
    approvals: [approval('lead-b', 3), approval('dba-a', 4)],
    acts: [accepted('lead-b', 3), accepted('dba-a', 4)],
    voided: [{ at: AT(2), why: ['the schema has changed'], approvals: [{ gate: 'rollout', who: 'dba-b' }] }],
    tiers: [{ id: '10_structure', outcome: 'rolled back', ms: 67, attempts: 1, metrics: {} }],
    rollback: { verdict: 'identical', differences: [], more: 0 },
    ...differs,
  });
}

/** Links: 1 audit, 2 rehearsal reference, 3 voided, 4 approval of lead-b, 5 approval of dba-a, 6 rollback, 7 outcome. */
export const RELEASE = made(sampleRelease(), OURS, REHEARSAL_OUTCOME);

/** The same file with other bytes. */
export function holding(text: string, { file }: Made = RELEASE): EvidenceFile {
  return { ...file, bytes: Buffer.from(text) };
}

/** The same file with other lines. */
export function lined(lines: readonly string[], of: Made = RELEASE): EvidenceFile {
  return holding(lines.map((line) => `${line}\n`).join(''), of);
}

/** A link's statement, and the same signed again by a key: what only its holder can do. */
export function statementIn(line: string): LinkStatement {
  const envelope: unknown = JSON.parse(line);
  const payload: unknown =
    typeof envelope === 'object' && envelope !== null ? Reflect.get(envelope, 'payload') : '';
  return LinkStatement.parse(JSON.parse(Buffer.from(String(payload), 'base64').toString('utf8')));
}

export function signed(statement: unknown, signer: Signer = OURS): string {
  return canonicalJson(signer.sign(canonicalJson(statement)));
}

/** The whole chain anew from changed statements, each naming the one before it: the work of whoever holds the key. */
export function rechained(
  change: (statements: LinkStatement[]) => readonly LinkStatement[],
  signer: Signer = OURS,
): { readonly lines: readonly string[]; readonly head: string } {
  let previous: string | null = null;
  const lines: string[] = [];
  for (const [index, statement] of change(RELEASE.lines.map(statementIn)).entries()) {
    const chain = { ...statement.predicate.chain, number: index + 1, previous };
    const line = signed({ ...statement, predicate: { ...statement.predicate, chain } }, signer);
    lines.push(line);
    previous = digestOfText(line);
  }
  return { lines, head: previous ?? '' };
}
