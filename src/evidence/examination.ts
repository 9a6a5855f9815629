import { createHash } from 'node:crypto';
import { SIGNATURE_NAMESPACE, readSigned } from '../core/rules/approval-statement';
import { nameOf } from '../core/rules/chain-contents';
import type { ChainFault } from '../core/rules/chain-order';
import { documentsOf } from '../core/rules/evidence-documents';
import type { Chain, ChainLink } from './chain-file';
import { verifySshSignature } from './ssh-signature';
import type { Surroundings } from './ssh-signature';

/** What was found beside a chain: what is wrong, and what could not be looked at. */
export interface Found {
  readonly faults: readonly ChainFault[];
  readonly notes: readonly string[];
}

export const NOTHING_FOUND: Found = { faults: [], notes: [] };

export function foundTogether(all: readonly Found[]): Found {
  return { faults: all.flatMap(({ faults }) => faults), notes: all.flatMap(({ notes }) => notes) };
}

/** The documents that a chain names: are they still what they were? `read`: undefined where there is none. */
export async function examineDocuments(
  { outcome, links }: Chain,
  read: (sha256: string) => Promise<Buffer | undefined>,
): Promise<Found> {
  const named = outcome === null ? [] : documentsOf(outcome);
  const looked = await Promise.all(named.map(async (each) => ({ ...each, bytes: await read(each.sha256) })));
  const missing = looked.filter(({ bytes }) => bytes === undefined).map(({ what }) => what);
  const faults = looked.flatMap(({ what, sha256, bytes }): readonly ChainFault[] => {
    const is = bytes === undefined ? sha256 : createHash('sha256').update(bytes).digest('hex');
    if (is === sha256) return [];
    const says = `${what}, document ${sha256}, was changed: its SHA-256 is ${is}`;
    return [{ link: links.length, fault: 'document', says }];
  });
  const notes =
    missing.length === 0 ? [] : [`documents that it names are not at hand: ${missing.join(', ')}`];
  return { faults, notes };
}

/** The SSH signatures of approvals, by OpenSSH itself, against whom the auditor allows to sign. */
export async function examineSignatures(
  { links }: Chain,
  allowedSigners: string,
  surroundings: Surroundings,
): Promise<Found> {
  return foundTogether(
    await Promise.all(links.map((link) => examineSignature(link, allowedSigners, surroundings))),
  );
}

async function examineSignature(
  { place, statement }: ChainLink,
  allowedSigners: string,
  surroundings: Surroundings,
): Promise<Found> {
  const link = statement?.predicate.link;
  if (link?.kind !== 'approval') return NOTHING_FOUND;
  const { signed, who } = link.approval;
  if (signed === undefined)
    return { faults: [], notes: [`${nameOf(link)} bears no signature: the name is claimed`] };
  const parts = readSigned(signed);
  const signer = { allowedSigners, who, namespace: SIGNATURE_NAMESPACE };
  const why =
    parts === undefined ? 'it is no signed statement' : await verifySshSignature(parts, signer, surroundings);
  if (why === null) return NOTHING_FOUND;
  return { faults: [{ link: place, fault: 'approval', says: `${nameOf(link)}: ${why}` }], notes: [] };
}
