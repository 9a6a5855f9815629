import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/rules/canonical-json';
import { contentFaults, outcomeOf } from '../core/rules/chain-contents';
import type { LinkRead } from '../core/rules/chain-contents';
import { orderFaults, shortened } from '../core/rules/chain-order';
import type { ChainFault } from '../core/rules/chain-order';
import { linksOf, predicateTypeOf } from '../core/rules/evidence-links';
import type { LinkFacts } from '../core/rules/evidence-links';
import { LinkStatement, Statement } from '../core/schema/evidence';
import type { Outcome } from '../core/schema/evidence';
import type { Unread } from './bounded-file';
import { LINK_FORM, SINGLE_FORM, digestOfText, openEnvelope } from './envelope';
import type { Flaw, Signer } from './envelope';
import type { Keyring } from './keyring';

/** No release says so much; a file beyond this is something else. */
export const MOST_BYTES = 64 * 1024 * 1024;
const MOST_LINKS = 10_000;

/** A link as it stands in a file, from 1. */
export interface ChainLink {
  readonly place: number;
  readonly digest: string;
  readonly keyId: string | null;
  /** null: it cannot be read as a link. */
  readonly statement: LinkStatement | null;
}

/** A file of evidence as it was read. With faults nothing in it is to be believed. */
export interface Chain {
  /** The workflow whose chain it is; empty where it does not tell. */
  readonly id: string;
  /** The digest of its last link: where the chain ends as it lies there. */
  readonly head: string;
  readonly links: readonly ChainLink[];
  readonly outcome: Outcome | null;
  readonly faults: readonly ChainFault[];
  /** `single`: one envelope, as evidence was written before there were chains. */
  readonly form: 'chain' | 'single';
}

/** The chain of an outcome as JSON Lines, an envelope a line, and its head. The same outcome gives the same bytes. */
export function chainText(
  outcome: Outcome,
  facts: LinkFacts,
  signer: Signer,
): { readonly text: string; readonly head: string } {
  const { name, digest: sha256 } = outcome.package;
  const lines: string[] = [];
  let previous: string | null = null;
  for (const [index, { at, link }] of linksOf(outcome, facts).entries()) {
    const statement: LinkStatement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name, digest: { sha256 } }],
      predicateType: predicateTypeOf(link),
      predicate: { chain: { of: outcome.id, number: index + 1, previous }, at, link },
    };
    const line = canonicalJson(signer.sign(canonicalJson(statement)));
    lines.push(line);
    previous = digestOfText(line);
  }
  return { text: lines.map((line) => `${line}\n`).join(''), head: previous ?? '' };
}

/** Reads a file of evidence, and says whatever is wrong in it and with which link. It never throws. */
export function readChain(bytes: Buffer | Unread, keyring: Keyring): Chain {
  if (!Buffer.isBuffer(bytes)) return nothing(bytes.unread);
  const text = textOf(bytes);
  if (text === undefined) return nothing('it is no text in UTF-8, or too large for evidence');
  return text.startsWith('{\n') ? readSingle(text, keyring) : readLines(text, keyring);
}

function readLines(text: string, keyring: Keyring): Chain {
  const lines = text.split('\n');
  const rest = lines.pop();
  if (lines.length === 0) return nothing('it is empty, or its only line has no end');
  if (lines.length > MOST_LINKS) return nothing(`it has ${lines.length} lines: no release has so many links`);
  const opened = lines.map((line, index) => openLink(line, index + 1, keyring));
  const read = opened.flatMap(({ link: { place, statement } }): LinkRead[] =>
    statement === null ? [] : [{ place, statement }],
  );
  const isCut = rest !== '';
  const outcome = opened.at(-1)?.link.statement === null ? undefined : outcomeOf(read);
  const id = mostNamed(read.map(({ statement }) => statement.predicate.chain.of));
  const found = opened.map(({ link: { digest, statement }, flaws }) => ({
    digest,
    position: statement?.predicate.chain ?? null,
    at: statement?.predicate.at ?? null,
    isSealed: flaws.length === 0,
  }));
  const broken = [
    ...opened.flatMap(({ link, flaws }) => flaws.map((flaw) => ({ link: link.place, ...flaw }))),
    ...(isCut
      ? [{ link: lines.length, fault: 'form', says: 'more stands behind its last line' } as const]
      : []),
    ...orderFaults(found, id),
    ...signerFaults(opened.map(({ link }) => link)),
  ];
  const faults = broken.length > 0 ? inOrder(broken) : contentFaults(read, manifestDigest); // what links say counts when they stand
  return {
    id,
    head: opened.at(-1)?.link.digest ?? '',
    links: opened.map(({ link }) => link),
    outcome: outcome ?? null,
    faults,
    form: 'chain',
  };
}

/** Whose chain it is, by what most links say: a few strange links among its own are not to make strangers of the others. */
function mostNamed(ids: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}

/** A chain is signed whole, at once, by one: two trusted keys in it are a chain put together of two. */
function signerFaults(links: readonly ChainLink[]): readonly ChainFault[] {
  const keys = links.map(({ keyId }) => keyId).filter((keyId) => keyId !== null);
  const signer = mostNamed(keys);
  return links
    .filter(({ keyId }) => keyId !== null && keyId !== signer)
    .map(({ place, keyId }) => ({
      link: place,
      fault: 'key',
      says: `it is signed by key ${shortened(keyId)}, and the chain by ${shortened(signer)}`,
    }));
}

function openLink(
  line: string,
  place: number,
  keyring: Keyring,
): { readonly link: ChainLink; readonly flaws: readonly Flaw[] } {
  const { keyId, value, flaws } = openEnvelope(line, keyring, LINK_FORM);
  const parsed = LinkStatement.safeParse(value);
  const link = { place, digest: digestOfText(line), keyId, statement: parsed.success ? parsed.data : null };
  return { link, flaws: parsed.success || value === undefined ? flaws : [...flaws, unknownForm(value)] };
}

/** What a newer One-Roof says in another form is no lie, but it is nothing that this one could vouch for either. */
function unknownForm(value: unknown): Flaw {
  const type: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'predicateType') : undefined;
  return { fault: 'version', says: `it states ${String(type)} in a form that is not known here` };
}

function readSingle(text: string, keyring: Keyring): Chain {
  const { keyId, value, flaws } = openEnvelope(text, keyring, SINGLE_FORM);
  const parsed = Statement.safeParse(value);
  const head = digestOfText(text);
  const outcome = parsed.success ? parsed.data.predicate : null;
  const unknown = parsed.success || value === undefined ? [] : [unknownForm(value)];
  const stranger = parsed.success ? subjectFlaws(parsed.data) : [];
  return {
    id: outcome?.id ?? '',
    head,
    links: [{ place: 1, digest: head, keyId, statement: null }],
    outcome,
    faults: [...flaws, ...unknown, ...stranger].map((flaw) => ({ link: 1, ...flaw })),
    form: 'single',
  };
}

function subjectFlaws({ subject, predicate }: Statement): readonly Flaw[] {
  const isIt = subject.length === 1 && subject[0]?.digest.sha256 === predicate.package.digest;
  return isIt ? [] : [{ fault: 'subject', says: 'its subject is another package than that of its outcome' }];
}

/** As `sha256sum` of the sorted manifest. */
function manifestDigest(lines: readonly string[]): string {
  return createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex');
}

function textOf(bytes: Buffer): string | undefined {
  if (bytes.length > MOST_BYTES) return undefined;
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function nothing(says: string): Chain {
  const faults = [{ link: null, fault: 'form', says } as const];
  return { id: '', head: '', links: [], outcome: null, faults, form: 'chain' };
}

/** The first link that broke comes first. */
function inOrder(faults: readonly ChainFault[]): readonly ChainFault[] {
  return [...faults].sort((one, other) => (one.link ?? 0) - (other.link ?? 0));
}
