import type { Packages } from './packages';

/** What the words of a case are made of. */
export interface Place {
  readonly packages: Packages;
  /** A targets.yaml with a typo. */
  readonly typoTargets: string;
  /** A targets.yaml with a target that the worker's has not. */
  readonly unknownToWorker: string;
  /** A targets.yaml in which targets are of another kind than in the worker's. */
  readonly otherKinds: string;
}

/** A command with one thing wrong in it, and how it must end. */
export interface Case {
  readonly name: string;
  readonly words: (place: Place) => readonly string[];
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  readonly hint: RegExp;
}

/** Of no package. */
export const NO_DIGEST = 'f'.repeat(64);

export function rehearse(folder: string, source = 'production', on = 'clone-host'): readonly string[] {
  return ['rehearse', folder, '--source', source, '--on', on];
}

export function release(folder: string, target = 'production', requester = 'lead-a'): readonly string[] {
  return ['release', folder, '--target', target, '--requester', requester];
}

export function approve(id: string, digest = NO_DIGEST): readonly string[] {
  return [
    'approve',
    id,
    '--gate',
    'rollout',
    '--digest',
    digest,
    '--as',
    'lead-b',
    '--reason',
    'a test',
    '--yes',
  ];
}

export function baseline(folder: string, target: string): readonly string[] {
  return ['baseline', target, '--package', folder];
}
