import type { Chain } from '../../evidence/chain-file';
import { saysOf } from '../../evidence/link-words';
import { visible } from '../../evidence/words';
import type { Verification, Verified } from '../../evidence/verification';
import type { Colours } from '../terminal';
import { table } from './table';

/** Each file with its links, what is wrong with which, what is not proven; the verdict at last. */
export function verificationText({ verdict, files, faults }: Verification, colours: Colours): string {
  const paint = verdict === 'verified' ? colours.green : verdict === 'refused' ? colours.red : colours.yellow;
  return [
    ...files.map((each) => verifiedText(each, colours)),
    ...faults.map(({ fault, says }) => `${colours.red('✗')} ${fault}: ${plain(says)}`),
    ...advice(verdict, [...files.flatMap((each) => each.faults), ...faults]),
    paint(`${verdict}: ${summary(files.length)}`),
  ].join('\n\n');
}

/** What an auditor does next; what is only not proven says so itself. */
function advice(verdict: Verification['verdict'], faults: Verification['faults']): readonly string[] {
  if (verdict !== 'refused') return [];
  const isOfKey = faults.every(({ fault }) => fault === 'key');
  const isOfHead = faults.every(({ fault }) => fault === 'head');
  if (isOfKey)
    return ['Every fault is of the key: get the workers’ public key by another road, and compare its id.'];
  if (isOfHead)
    return ['Every fault is of the head: read it again where it was noted, or in the ledger with --target.'];
  return ['Do not rely on it: keep these files as they are, and ask who could write to them.'];
}

function summary(files: number): string {
  return files === 1 ? 'one file of evidence' : `${files} files of evidence`;
}

function verifiedText({ file, chain, tail, faults, unproven, notes }: Verified, colours: Colours): string {
  const wrong = (place: number): readonly string[] =>
    faults.filter(({ link }) => link === place).map(({ fault, says }) => `    ${fault}: ${plain(says)}`);
  const links = chain.links.flatMap(({ place, statement }) => {
    const mark = wrong(place).length === 0 ? colours.green('✓') : colours.red('✗');
    const what = statement === null ? wholeText(chain) : `${kindOf(chain, place)}: ${wordsOf(chain, place)}`;
    return [`  ${mark} link ${place}  ${what}`, ...wrong(place)];
  });
  return [
    titleOf(chain, file),
    ...links,
    ...faults
      .filter(({ link }) => link === null || link > chain.links.length)
      .map(({ fault, says }) => `  ${colours.red('✗')} ${fault}: ${plain(says)}`),
    ...(tail === 'proven' ? [`  ${colours.green('✓')} it ends with its head ${chain.head}`] : []),
    ...signerText(chain),
    ...unproven.map((line) => `  ${colours.yellow('!')} ${line}`),
    ...notes.map((line) => `  - ${plain(line)}`),
  ].join('\n');
}

/** What the auditor compares with the id of the key that came by another road. */
function signerText({ links }: Chain): readonly string[] {
  const keys = new Set(links.flatMap(({ keyId }) => (keyId === null ? [] : [keyId])));
  return [...keys].slice(0, 3).map((keyId) => `  - it says it is signed by key ${plain(keyId)}`);
}

function titleOf(chain: Chain, file: string): string {
  const { outcome, id } = chain;
  const what =
    outcome === null
      ? 'no outcome'
      : `${outcome.kind}, ${outcome.outcome}, package ${outcome.package.digest}`;
  return plain(`${id === '' ? file : id}: ${what}`);
}

function wholeText({ form, outcome }: Chain): string {
  if (form === 'single' && outcome !== null) return `${outcome.kind}: ${outcome.outcome}, in one envelope`;
  return 'cannot be read';
}

function kindOf({ links }: Chain, place: number): string {
  const link = links[place - 1]?.statement?.predicate.link;
  return link?.kind === 'outcome' ? link.outcome.kind : (link?.kind ?? 'nothing');
}

function wordsOf({ links }: Chain, place: number): string {
  const predicate = links[place - 1]?.statement?.predicate;
  return predicate === undefined ? '' : plain(saysOf(predicate.link));
}

/** Nobody has vouched for it yet: it must not clear the screen, nor begin a line that looks like a verdict. */
export function plain(words: string): string {
  return visible(words).replaceAll(/[\n\t]/g, ' ');
}

/** What a chain says of itself, link by link. */
export function chainShown(chain: Chain): string {
  const rows = chain.links.map(({ place, digest, statement }) => [
    String(place),
    plain(statement?.predicate.at ?? chain.outcome?.endedAt ?? ''),
    statement === null ? (chain.outcome?.kind ?? '') : kindOf(chain, place),
    digest.slice(0, 12),
    statement === null ? wholeText(chain) : wordsOf(chain, place),
  ]);
  const heads = ['link', 'at', 'kind', 'digest', 'says'].map((head) => ({ head }));
  return [`${titleOf(chain, '')}\nhead ${chain.head}`, table(heads, rows)].join('\n\n');
}
