import type { ChainPosition } from '../schema/evidence';

/** What is wrong, with which link (from 1; null: the chain as a whole), in a word and in a sentence. */
export interface ChainFault {
  readonly link: number | null;
  readonly fault: FaultWord;
  readonly says: string;
}

export type FaultWord =
  | 'form'
  | 'payload type'
  | 'key'
  | 'signature'
  | 'version'
  | 'another chain'
  | 'repeated'
  | 'missing before'
  | 'out of order'
  | 'does not follow'
  | 'time'
  | 'tail'
  | 'head'
  | 'subject'
  | 'approval'
  | 'rehearsal'
  | 'contents'
  | 'name'
  | 'document'
  | 'ledger';

/** A link as it was found, from the top of the file. */
export interface LinkFound {
  readonly digest: string;
  /** null: it could not be read. */
  readonly position: ChainPosition | null;
  readonly at: string | null;
  /** Does its own signature hold? Where it does not, it is no news that the next link does not follow it. */
  readonly isSealed: boolean;
}

/** Is each link where it belongs: numbered from 1, each naming the one before it, none twice, none of another chain, time going on? */
export function orderFaults(links: readonly LinkFound[], of: string): readonly ChainFault[] {
  let expected = 1;
  let clock = -Infinity;
  return links.flatMap((link, index): readonly ChainFault[] => {
    const { position, at } = link;
    if (position === null) {
      expected += 1;
      return [];
    }
    const before = links.slice(0, index);
    const misplaced = placeFault(link, { position, expected, before, of });
    if (position.of === of) expected = Math.max(expected, position.number + 1);
    const time = Date.parse(at ?? '');
    const late = time >= clock ? [] : [timeFault(index, at)];
    clock = Number.isNaN(time) ? clock : Math.max(clock, time);
    return [...(misplaced === undefined ? [] : [{ link: index + 1, ...misplaced }]), ...late];
  });
}

interface Place {
  readonly position: ChainPosition;
  readonly expected: number;
  readonly before: readonly LinkFound[];
  readonly of: string;
}

function placeFault(
  { digest }: LinkFound,
  { position, expected, before, of }: Place,
): Omit<ChainFault, 'link'> | undefined {
  const { number, previous } = position;
  if (position.of !== of)
    return { fault: 'another chain', says: `it is link ${number} of ${position.of}, not of ${of}` };
  if (before.some((each) => each.digest === digest))
    return { fault: 'repeated', says: `link ${number} stands here a second time` };
  if (number > expected) {
    const missing =
      number === expected + 1 ? `link ${expected} is` : `links ${expected} to ${number - 1} are`;
    return { fault: 'missing before', says: `it is link ${number}; ${missing} missing before it` };
  }
  if (number < expected)
    return { fault: 'out of order', says: `it is link ${number} and stands where link ${expected} belongs` };
  const last = before.at(-1);
  const wanted = last?.digest ?? null;
  if (previous === wanted || last?.isSealed === false) return undefined;
  return {
    fault: 'does not follow',
    says: `it names ${shortened(previous)} as the link before it, and finds ${shortened(wanted)}: that one was changed or inserted`,
  };
}

function timeFault(index: number, at: string | null): ChainFault {
  const says = `its time ${at ?? ''} is before that of the link before it, or no time at all`;
  return { link: index + 1, fault: 'time', says };
}

/** Does the chain end where it is known to end? */
export function headFaults(links: readonly LinkFound[], head: string): readonly ChainFault[] {
  const last = links.at(-1);
  if (last?.digest === head) return [];
  const index = links.findIndex(({ digest }) => digest === head);
  if (index === -1)
    return [
      {
        link: links.length === 0 ? null : links.length,
        fault: 'head',
        says: `the chain ends with ${shortened(last?.digest ?? null)}, and its head is ${shortened(head)}: its tail was cut or changed, or it is not the chain that the head was taken of`,
      },
    ];
  return [{ link: index + 2, fault: 'head', says: `it stands behind the head, which is link ${index + 1}` }];
}

export function shortened(digest: string | null): string {
  return digest === null ? 'none' : `${digest.slice(0, 12)}…`;
}
