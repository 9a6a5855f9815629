import type { ChainFault } from '../core/rules/chain-order';
import type { Outcome } from '../core/schema/evidence';
import type { Chain } from './chain-file';

const NAME = /^([0-9a-f]{16})\.(.+)\.([0-9a-f]{64})\.(?:json|intoto\.jsonl)$/;

/** What the name of a file of evidence promises. */
export interface EvidenceName {
  /** The beginning of the package's digest. */
  readonly package: string;
  readonly id: string;
  readonly head: string;
}

/** `<digest of the package, 16 digits>.<workflow id>.<head>.intoto.jsonl`: package and id find their own. */
export function nameOfEvidence(outcome: Outcome, head: string): string {
  return `${outcome.package.digest.slice(0, 16)}.${encodeURIComponent(outcome.id)}.${head}.intoto.jsonl`;
}

/** @returns undefined where it is the name of something else */
export function parseEvidenceName(name: string): EvidenceName | undefined {
  const [, pkg, id, head] = NAME.exec(name) ?? [];
  if (pkg === undefined || id === undefined || head === undefined) return undefined;
  return { package: pkg, id: decoded(id), head };
}

/** A person's file may have any name; what is no encoded id stands for itself. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Whoever finds evidence by its name must find what the name promises. @returns undefined where it promises nothing */
export function nameFaults({ id, head, outcome }: Chain, file: string): readonly ChainFault[] | undefined {
  const promised = parseEvidenceName(file);
  if (promised === undefined) return undefined;
  const is = { package: outcome?.package.digest.slice(0, 16) ?? '', id, head };
  const wrong = (['package', 'id', 'head'] as const).filter((part) => is[part] !== promised[part]);
  return wrong.map((part) => ({
    link: null,
    fault: 'name',
    says: `the name of its file promises ${part} ${promised[part]}, and it holds ${is[part] || 'none'}`,
  }));
}

/** In a folder of evidence nothing else has the form of evidence. */
export function unnamedFault(file: string): ChainFault {
  return { link: null, fault: 'name', says: `${file} is not named as evidence is` };
}
