import type { Link, LinkStatement, Outcome } from '../schema/evidence';
import { readSigned, statementText } from './approval-statement';
import { canonicalJson } from './canonical-json';
import type { ChainFault } from './chain-order';
import { shortened } from './chain-order';
import { linksOf, predicateTypeOf } from './evidence-links';

/** A link that could be read, and where it stands in the file, from 1. */
export interface LinkRead {
  readonly place: number;
  readonly statement: LinkStatement;
}

/** What a whole chain ends with; undefined where it was cut, or ends with something else. */
export function outcomeOf(links: readonly LinkRead[]): Outcome | undefined {
  const last = links.at(-1)?.statement.predicate.link;
  return last?.kind === 'outcome' ? last.outcome : undefined;
}

/**
 * Does the chain say one thing from its first link to its last? `digestOf`: the SHA-256 of a manifest's lines, which the rules
 * cannot make themselves.
 */
export function contentFaults(
  links: readonly LinkRead[],
  digestOf: (lines: readonly string[]) => string,
): readonly ChainFault[] {
  const outcome = outcomeOf(links);
  const first = links[0];
  return [
    ...(first === undefined || first.statement.predicate.link.kind === 'audit'
      ? []
      : [fault(first, 'contents', 'a chain begins with its audit, and this is none')]),
    ...links.flatMap((link) => ownFaults(link, digestOf)),
    ...(outcome === undefined ? unfinished(links) : outcomeFaults(links, outcome)),
  ];
}

function unfinished(links: readonly LinkRead[]): readonly ChainFault[] {
  const last = links.at(-1); // where none can be read, each says so itself
  return last === undefined
    ? []
    : [fault(last, 'tail', 'the chain ends before its outcome: its tail was cut')];
}

/** What a link shows by itself. */
function ownFaults(each: LinkRead, digestOf: (lines: readonly string[]) => string): readonly ChainFault[] {
  const { subject, predicateType, predicate } = each.statement;
  const { link } = predicate;
  const digest = subject[0]?.digest.sha256 ?? '';
  const manifest = link.kind === 'audit' && link.manifest !== null ? digestOf(link.manifest) : digest;
  return [
    ...(predicateType === predicateTypeOf(link)
      ? []
      : [fault(each, 'version', `it calls itself ${predicateType} and is ${predicateTypeOf(link)}`)]),
    ...(subject.length === 1 ? [] : [fault(each, 'subject', 'it speaks of several packages')]),
    ...(manifest === digest
      ? []
      : [
          fault(
            each,
            'subject',
            `its subject is ${shortened(digest)}, and the manifest in it has ${shortened(manifest)}`,
          ),
        ]),
    ...(link.kind === 'approval' ? signedFaults(each, link) : []),
  ];
}

/** A signed approval bears the statement that was signed; it must be this approval, and no other. */
function signedFaults(
  each: LinkRead,
  { approval }: Extract<Link, { kind: 'approval' }>,
): readonly ChainFault[] {
  const { assurance, signed, ...statement } = approval;
  const who = `the approval of ${approval.gate} by ${approval.who}`;
  if (signed === undefined)
    return assurance === 'ssh'
      ? [fault(each, 'approval', `${who} says it is signed, and bears no signature`)]
      : [];
  return readSigned(signed)?.statement === statementText(statement)
    ? []
    : [fault(each, 'approval', `${who} bears a signature of another statement`)];
}

/** Every link before the outcome must be what the outcome implies, and nothing that it implies may be missing. */
function outcomeFaults(links: readonly LinkRead[], outcome: Outcome): readonly ChainFault[] {
  const last = links.at(-1);
  const of = last?.statement.predicate.chain.of;
  const facts = { manifest: linkOf(links, 'audit')?.manifest ?? null, rehearsal: referenceIn(links) };
  const implied = new Map(linksOf(outcome, facts).map((draft) => [canonicalJson(draft), draft.link]));
  const found = links.map((each) => ({ each, text: saidBy(each) }));
  const texts = new Set(found.map(({ text }) => text));
  const place = last?.place ?? null;
  return [
    ...(outcome.id === of
      ? []
      : [
          {
            link: place,
            fault: 'contents',
            says: `it is the outcome of ${outcome.id}, in the chain of ${of ?? ''}`,
          } as const,
        ]),
    ...links.flatMap((each) => subjectFaults(each, outcome)),
    ...found
      .filter(({ text }) => !implied.has(text))
      .map(({ each }) =>
        fault(each, wordOf(kindOf(each)), `${nameOf(each.statement.predicate.link)} is not in the outcome`),
      ),
    ...[...implied]
      .filter(([text]) => !texts.has(text))
      .map(([, link]) => ({
        link: place,
        fault: wordOf(link.kind),
        says: `the outcome has ${nameOf(link)}, and no link bears it`,
      })),
    ...referenceFaults(links, outcome),
    ...(outcome.kind === 'release' ? strayApprovals(links, outcome) : []),
  ];
}

function saidBy({ statement: { predicate } }: LinkRead): string {
  return canonicalJson({ at: predicate.at, link: predicate.link });
}

function subjectFaults(each: LinkRead, outcome: Outcome): readonly ChainFault[] {
  const [subject] = each.statement.subject;
  const { name, digest } = outcome.package;
  if (subject?.digest.sha256 === digest && subject.name === name) return [];
  const says = `it speaks of ${subject?.name ?? ''} ${shortened(subject?.digest.sha256 ?? null)}, the outcome of ${name} ${shortened(digest)}`;
  return [fault(each, 'subject', says)];
}

/** The rehearsal must be one of these bytes and this scope, that passed before the release ended. */
function referenceFaults(links: readonly LinkRead[], outcome: Outcome): readonly ChainFault[] {
  const each = links.find(({ statement }) => statement.predicate.link.kind === 'rehearsal reference');
  const rehearsal = referenceIn(links);
  if (each === undefined || rehearsal === null || outcome.kind !== 'release') return [];
  const wanted = {
    digest: outcome.package.digest,
    scope: outcome.scope,
    source: outcome.target,
    registration: outcome.targetIdentity?.registration ?? null,
    outcome: 'rehearsed',
  };
  const differs = Object.entries(wanted).filter(([field, value]) => Reflect.get(rehearsal, field) !== value);
  return differs.map(([field, value]) =>
    fault(
      each,
      'rehearsal',
      `its ${field} is ${String(Reflect.get(rehearsal, field))}, and the release needs ${String(value)}`,
    ),
  );
}

/** Approvals of other bytes, another release, scope or target. */
function strayApprovals(
  links: readonly LinkRead[],
  { id, package: pkg, scope, target }: Extract<Outcome, { kind: 'release' }>,
): readonly ChainFault[] {
  const wanted = { release: id, digest: pkg.digest, scope, target };
  return links.flatMap((each) => {
    const { link } = each.statement.predicate;
    if (link.kind !== 'approval') return [];
    const stray = Object.entries(wanted).filter(
      ([field, value]) => Reflect.get(link.approval, field) !== value,
    );
    const who = nameOf(link);
    return stray.map(([field, value]) =>
      fault(each, 'approval', `${who} is for another ${field} than ${value}`),
    );
  });
}

function linkOf<Kind extends Link['kind']>(
  links: readonly LinkRead[],
  kind: Kind,
): Extract<Link, { kind: Kind }> | undefined {
  const all = links.map(({ statement }) => statement.predicate.link);
  return all.find((link): link is Extract<Link, { kind: Kind }> => link.kind === kind);
}

function referenceIn(links: readonly LinkRead[]) {
  return linkOf(links, 'rehearsal reference')?.rehearsal ?? null;
}

function kindOf({ statement }: LinkRead): Link['kind'] {
  return statement.predicate.link.kind;
}

function wordOf(kind: Link['kind']): ChainFault['fault'] {
  if (kind === 'approval' || kind === 'voided') return 'approval';
  return kind === 'rehearsal reference' ? 'rehearsal' : 'contents';
}

/** A link in words: `the approval of rollout by dba-a`. */
export function nameOf(link: Link): string {
  if (link.kind === 'approval') return `the approval of ${link.approval.gate} by ${link.approval.who}`;
  if (link.kind === 'voided') return `the voiding of ${link.voided.at}`;
  if (link.kind === 'rehearsal reference') return `the rehearsal ${shortened(link.evidence)}`;
  return link.kind === 'outcome' ? `the outcome ${link.outcome.outcome}` : `the ${link.kind}`;
}

function fault({ place }: LinkRead, word: ChainFault['fault'], says: string): ChainFault {
  return { link: place, fault: word, says };
}
