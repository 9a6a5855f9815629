import { canonicalJson } from '../../src/core/rules/canonical-json';
import type { FaultWord } from '../../src/core/rules/chain-order';
import { LinkStatement } from '../../src/core/schema/evidence';
import { SINGLE_FORM } from '../../src/evidence/envelope';
import type { EvidenceFile } from '../../src/evidence/verification';
import {
  OURS,
  REHEARSAL_OUTCOME,
  RELEASE,
  THEIRS,
  approval,
  lined,
  made,
  rechained,
  sampleRelease,
  signed,
  statementIn,
} from './chain-sample';

/** One tampering: what is verified instead, and what must be said of it. `head`: of the true chain where it is left out. */
export interface Tampering {
  readonly file: EvidenceFile;
  readonly head?: string;
  readonly link: number | null;
  readonly fault: FaultWord;
}

const { lines } = RELEASE;

/** `broken`: the link of which it is said, where that is another one. */
export function on(
  link: number,
  change: (line: string) => string,
  ...[fault, broken]: readonly [FaultWord, number?]
): Tampering {
  return whole(
    lines.map((line, index) => (index === link - 1 ? change(line) : line)),
    broken ?? link,
    fault,
  );
}

export function whole(kept: readonly string[], link: number, fault: FaultWord): Tampering {
  return { file: lined(kept), link, fault };
}

export function renamed(change: (file: EvidenceFile) => string): Tampering {
  return { file: { ...RELEASE.file, name: change(RELEASE.file) }, link: null, fault: 'name' };
}

export function anew(
  change: (all: LinkStatement[]) => readonly LinkStatement[],
  link: number,
  fault: FaultWord,
): Tampering {
  const { lines: kept, head } = rechained(change);
  return { file: { ...lined(kept), name: 'by-hand.jsonl', isNamed: false }, head, link, fault };
}

export function anewFrom(differs: Parameters<typeof sampleRelease>[0], link: number): Tampering {
  const { file, head } = made(sampleRelease(differs), OURS, REHEARSAL_OUTCOME);
  return { file, head, link, fault: 'approval' };
}

export function referring(differs: Partial<typeof REHEARSAL_OUTCOME>): Tampering {
  const { file, head } = made(sampleRelease(), OURS, { ...REHEARSAL_OUTCOME, ...differs });
  return { file, head, link: 2, fault: 'rehearsal' };
}

export function signedText(link: number, change: (json: string) => string): Tampering {
  const line = canonicalJson(OURS.sign(change(canonicalJson(statementIn(lines[link - 1] ?? '')))));
  return on(link, () => line, 'form');
}

export function edited(statement: LinkStatement, link: number, from: string, to: string): LinkStatement {
  if (statement.predicate.chain.number !== link) return statement;
  return LinkStatement.parse(JSON.parse(JSON.stringify(statement).replaceAll(from, to)));
}

export function approvedBy(who: string, all: readonly LinkStatement[]): LinkStatement {
  const model = all[4];
  if (model === undefined) throw new Error('the sample has an approval there');
  const link = { kind: 'approval', approval: approval(who, 4), act: null } as const;
  return { ...model, predicate: { ...model.predicate, link } };
}

export function forgedBy(who: string): string {
  return signed(approvedBy(who, lines.map(statementIn)), THEIRS);
}

export function moved(order: readonly number[]): readonly string[] {
  return order.map((index) => lines[index] ?? '');
}

export function text(): string {
  return RELEASE.file.bytes.toString('utf8');
}

export function payload(line: string, change: (json: string) => string): string {
  return field(line, 'payload', (value) => {
    const json = Buffer.from(value, 'base64').toString('utf8');
    const changed = change(json);
    if (changed === json) throw new Error('nothing was changed');
    return Buffer.from(changed).toString('base64');
  });
}

export function field(line: string, name: string, change: (value: string) => string): string {
  return line.replace(
    new RegExp(`("${name}":")([^"]*)`),
    (_, head: string, value: string) => `${head}${change(value)}`,
  );
}

export function inField(line: string, name: string): string {
  return new RegExp(`"${name}":"([^"]*)`).exec(line)?.[1] ?? '';
}

export function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  return bytes.toString('base64');
}

/** The last letter before `==` has four bits that no decoder looks at. */
export function looser(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet[alphabet.indexOf(letter) ^ 1] ?? letter;
}

export function single(signer: typeof OURS): EvidenceFile {
  const outcome = sampleRelease();
  const { name, digest: sha256 } = outcome.package;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256 } }],
    predicateType: 'https://one-roof.invalid/release/v1',
    predicate: outcome,
  };
  const bytes = Buffer.from(SINGLE_FORM.envelope(signer.sign(JSON.stringify(statement))));
  return { name: 'earlier.json', bytes, isNamed: false };
}
