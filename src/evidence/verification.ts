import { headFaults } from '../core/rules/chain-order';
import type { ChainFault, LinkFound } from '../core/rules/chain-order';
import { shortened } from '../core/rules/chain-order';
import type { Unread } from './bounded-file';
import { readChain } from './chain-file';
import type { Chain } from './chain-file';
import { nameFaults, unnamedFault } from './evidence-name';
import { NOTHING_FOUND } from './examination';
import type { Found } from './examination';
import type { Keyring } from './keyring';

/** A file of evidence as it lies there. `isNamed`: it lies where names are promises, so a name that promises nothing is refused. */
export interface EvidenceFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Why there are none. */
  readonly unread?: string;
  readonly isNamed: boolean;
  /** What was found beside it: in its documents, its signatures, the ledger. */
  readonly found?: Found;
}

/** By what evidence is believed. */
export interface Grounds {
  readonly keyring: Keyring;
  /** Were the keys given by whoever verifies? Keys that lie beside the evidence prove nothing about it. */
  readonly arePinned: boolean;
  readonly heads: readonly KnownHead[];
}

/** Where a chain is known to end. `of`: whose it is, where that is known too. */
export interface KnownHead {
  readonly digest: string;
  readonly of: string | null;
}

/**
 * `verified`: each link holds, by pinned keys, up to a head that is known. `not verified`: nothing is wrong with it, and something
 * is not proven. `refused`: something is wrong.
 */
export type VerificationVerdict = 'verified' | 'not verified' | 'refused';

/** What became of one file. */
export interface Verified {
  readonly file: string;
  readonly chain: Chain;
  readonly verdict: VerificationVerdict;
  /** `superseded`: its head is that of another chain of the same workflow, which was signed once more. */
  readonly tail: 'proven' | 'unproven' | 'superseded' | 'refused';
  readonly faults: readonly ChainFault[];
  /** What is not proven, in words. */
  readonly unproven: readonly string[];
  /** What was not looked at. */
  readonly notes: readonly string[];
}

export interface Verification {
  readonly verdict: VerificationVerdict;
  readonly files: readonly Verified[];
  /** What is wrong with no file in particular. */
  readonly faults: readonly ChainFault[];
}

/** Verifies files of evidence together: a chain that holds up to a known head vouches for the rehearsal that it names. */
export function verifyEvidence(files: readonly EvidenceFile[], grounds: Grounds): Verification {
  const read = files.map((file) => {
    const chain = readChain(contentOf(file), grounds.keyring);
    const { faults } = file.found ?? NOTHING_FOUND;
    return { file, chain, faults: [...chain.faults, ...namingFaults(file, chain), ...faults] };
  });
  const given = grounds.heads.map(({ digest }) => digest);
  const heads = knownHeads(read, given);
  const ids = new Set(read.filter(({ chain }) => heads.has(chain.head)).map(({ chain }) => chain.id));
  const strays = grounds.heads.filter(({ digest }) => read.every(({ chain }) => chain.head !== digest));
  const blamed = new Map(strays.map((head) => [head, blamedFor(head, read, heads)]));
  const verified = read.map((each) => {
    const wrong = strays.filter((head) => blamed.get(head) === each);
    const cut = wrong.flatMap(({ digest }) => headFaults(foundIn(each.chain), digest));
    return judged(
      { ...each, faults: [...each.faults, ...cut] },
      { heads, ids, arePinned: grounds.arePinned },
    );
  });
  const lost = strays.filter((head) => blamed.get(head) === undefined);
  const faults = lost.map(({ digest }): ChainFault => ({
    link: null,
    fault: 'head',
    says: `no chain here ends with ${shortened(digest)}`,
  }));
  return { verdict: worst(verified, faults), files: verified, faults };
}

interface Read {
  readonly file: EvidenceFile;
  readonly chain: Chain;
  readonly faults: readonly ChainFault[];
}

/** What is to be read as a chain. */
export function contentOf({ bytes, unread }: Pick<EvidenceFile, 'bytes' | 'unread'>): Buffer | Unread {
  return unread === undefined ? bytes : { unread };
}

function namingFaults({ name, isNamed }: EvidenceFile, chain: Chain): readonly ChainFault[] {
  return nameFaults(chain, name) ?? (isNamed ? [unnamedFault(name)] : []);
}

/** Those that were given, and those of the rehearsals that whole chains name which end with one of them. */
function knownHeads(read: readonly Read[], given: readonly string[]): ReadonlySet<string> {
  const proven = read.filter(({ chain, faults }) => faults.length === 0 && given.includes(chain.head));
  return new Set([...given, ...proven.flatMap(({ chain }) => rehearsalsOf(chain))]);
}

/** The heads of the rehearsals that a release went by, or that an evaluation ran. */
export function rehearsalsOf({ links, outcome }: Chain): readonly string[] {
  const runs = outcome?.kind === 'evaluation' ? outcome.runs : [];
  return [
    ...links.flatMap(({ statement }) =>
      statement?.predicate.link.kind === 'rehearsal reference' ? [statement.predicate.link.evidence] : [],
    ),
    ...runs.flatMap(({ evidence }) => evidence ?? []),
  ];
}

/** The chain that a head was taken of which none ends with: that of its workflow, the one that has it inside, the only one without a head. */
function blamedFor(head: KnownHead, read: readonly Read[], heads: ReadonlySet<string>): Read | undefined {
  const open = read.filter(({ chain }) => !heads.has(chain.head));
  const releases = open.filter(({ chain }) => chain.outcome?.kind !== 'rehearsal'); // a ledger has no head of a rehearsal
  return (
    open.find(({ chain }) => chain.id === head.of) ??
    read.find(({ chain }) => chain.links.some(({ digest }) => digest === head.digest)) ??
    (releases.length === 1 ? releases[0] : undefined)
  );
}

function foundIn({ links }: Chain): readonly LinkFound[] {
  return links.map(({ digest }) => ({ digest, position: null, at: null, isSealed: true }));
}

interface Known {
  readonly heads: ReadonlySet<string>;
  readonly arePinned: boolean;
  /** Workflows of which a chain is proven. */
  readonly ids: ReadonlySet<string>;
}

function judged({ file, chain, faults }: Read, known: Known): Verified {
  const tail = tailOf({ chain, faults }, known);
  const unproven = [...(known.arePinned ? [] : [KEYS_NOT_PINNED]), ...tailWords(tail, known)];
  const verdict = faults.length > 0 ? 'refused' : unproven.length > 0 ? 'not verified' : 'verified';
  const { notes } = file.found ?? NOTHING_FOUND;
  return { file: file.name, chain, verdict, tail, faults, unproven, notes };
}

const KEYS_NOT_PINNED =
  'keys not pinned: whoever wrote the evidence could have put these keys beside it; give the workers’ public key with --key';
const TAIL_UNPROVEN =
  'tail unproven: whether more followed, or another chain stood here, only the head can tell; give --head, or --target to read it';

function tailOf({ chain, faults }: Omit<Read, 'file'>, { heads, ids }: Known): Verified['tail'] {
  if (faults.some(({ fault }) => fault === 'head' || fault === 'tail')) return 'refused';
  if (heads.has(chain.head)) return 'proven';
  return ids.has(chain.id) ? 'superseded' : 'unproven';
}

function tailWords(tail: Verified['tail'], { heads }: Known): readonly string[] {
  if (tail === 'superseded') return ['its head is that of another chain of the same workflow'];
  return tail === 'unproven' || (tail === 'refused' && heads.size === 0) ? [TAIL_UNPROVEN] : [];
}

function worst(files: readonly Verified[], faults: readonly ChainFault[]): VerificationVerdict {
  const counting = files.filter(({ tail, verdict }) => tail !== 'superseded' || verdict === 'refused');
  const verdicts = counting.map(({ verdict }) => verdict);
  if (faults.length > 0 || verdicts.includes('refused')) return 'refused';
  return verdicts.length === 0 || verdicts.includes('not verified') ? 'not verified' : 'verified';
}
