import { headFaults } from '../core/rules/chain-order';
import type { ChainFault, LinkFound } from '../core/rules/chain-order';
import { shortened } from '../core/rules/chain-order';
import { readChain } from './chain-file';
import type { Chain } from './chain-file';
import { nameFaults, unnamedFault } from './evidence-name';
import type { Keyring } from './keyring';

/** A file of evidence as it lies there. `isNamed`: it lies where names are promises, so a name that promises nothing is refused. */
export interface EvidenceFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly isNamed: boolean;
}

/** By what evidence is believed. */
export interface Grounds {
  readonly keyring: Keyring;
  /** Were the keys given by whoever verifies? Keys that lie beside the evidence prove nothing about it. */
  readonly arePinned: boolean;
  /** Where chains are known to end. */
  readonly heads: readonly string[];
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
  readonly tail: 'proven' | 'unproven' | 'refused';
  readonly faults: readonly ChainFault[];
  /** What is not proven, in words. */
  readonly unproven: readonly string[];
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
    const chain = readChain(file.bytes, grounds.keyring);
    return { file, chain, faults: [...chain.faults, ...namingFaults(file, chain)] };
  });
  const heads = knownHeads(read, grounds.heads);
  const strays = grounds.heads.filter((head) => read.every(({ chain }) => chain.head !== head));
  const blamed = new Map(strays.map((head) => [head, blamedFor(head, read, heads)]));
  const verified = read.map((each) => {
    const wrong = strays.filter((head) => blamed.get(head) === each);
    const cut = wrong.flatMap((head) => headFaults(foundIn(each.chain), head));
    return judged({ ...each, faults: [...each.faults, ...cut] }, { heads, arePinned: grounds.arePinned });
  });
  const lost = strays.filter((head) => blamed.get(head) === undefined);
  const faults = lost.map((head): ChainFault => ({
    link: null,
    fault: 'head',
    says: `no chain here ends with ${shortened(head)}`,
  }));
  return { verdict: worst(verified, faults), files: verified, faults };
}

interface Read {
  readonly file: EvidenceFile;
  readonly chain: Chain;
  readonly faults: readonly ChainFault[];
}

function namingFaults({ name, isNamed }: EvidenceFile, chain: Chain): readonly ChainFault[] {
  return nameFaults(chain, name) ?? (isNamed ? [unnamedFault(name)] : []);
}

/** Those that were given, and the rehearsals that whole chains name which end with one of them. */
function knownHeads(read: readonly Read[], given: readonly string[]): ReadonlySet<string> {
  const proven = read.filter(({ chain, faults }) => faults.length === 0 && given.includes(chain.head));
  return new Set([...given, ...proven.flatMap(({ chain }) => rehearsalsOf(chain))]);
}

function rehearsalsOf({ links }: Chain): readonly string[] {
  return links.flatMap(({ statement }) =>
    statement?.predicate.link.kind === 'rehearsal reference' ? [statement.predicate.link.evidence] : [],
  );
}

/** The chain that a head which no chain ends with was taken of: the one that has it inside, else the only one without a head. */
function blamedFor(head: string, read: readonly Read[], heads: ReadonlySet<string>): Read | undefined {
  const inside = read.find(({ chain }) => chain.links.some(({ digest }) => digest === head));
  const open = read.filter(({ chain }) => !heads.has(chain.head));
  return inside ?? (open.length === 1 ? open[0] : undefined);
}

function foundIn({ links }: Chain): readonly LinkFound[] {
  return links.map(({ digest }) => ({ digest, position: null, at: null, isSealed: true }));
}

function judged(
  { file, chain, faults }: Read,
  { heads, arePinned }: { readonly heads: ReadonlySet<string>; readonly arePinned: boolean },
): Verified {
  const isRefused = faults.some(({ fault }) => fault === 'head' || fault === 'tail');
  const tail = isRefused ? 'refused' : heads.has(chain.head) ? 'proven' : 'unproven';
  const unproven = [
    ...(arePinned
      ? []
      : [
          'keys not pinned: by these keys anyone could have signed it; give the workers’ public key with --key',
        ]),
    ...(tail === 'unproven' || (tail === 'refused' && heads.size === 0)
      ? [
          'tail unproven: whether more followed, or another chain took its place, only its head can tell; give --head or --target',
        ]
      : []),
  ];
  const verdict = faults.length > 0 ? 'refused' : unproven.length > 0 ? 'not verified' : 'verified';
  return { file: file.name, chain, verdict, tail, faults, unproven };
}

function worst(files: readonly Verified[], faults: readonly ChainFault[]): VerificationVerdict {
  const verdicts = files.map(({ verdict }) => verdict);
  if (faults.length > 0 || verdicts.includes('refused')) return 'refused';
  return verdicts.length === 0 || verdicts.includes('not verified') ? 'not verified' : 'verified';
}
