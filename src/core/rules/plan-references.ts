import type { Descriptor } from '../schema/descriptor';

/** A place in the descriptor, as keys and indexes: `['tiers', 0, 'apply']`. */
export type DescriptorPlace = readonly (string | number)[];

/** A file that the descriptor gives a part to. */
export interface FileReference {
  readonly path: string;
  readonly at: DescriptorPlace;
  readonly part: string;
  readonly use: 'apply' | 'rollback' | 'read' | 'by hand';
}

/** All files that a descriptor names, in its own order. */
export function referencesOf(descriptor: Descriptor): readonly FileReference[] {
  return [...readsOf(descriptor), ...tierFilesOf(descriptor), ...byHandOf(descriptor)];
}

function readsOf({ preflight, verify, readContract, revalidate, baseline }: Descriptor): FileReference[] {
  const reads = [
    { path: preflight, at: ['preflight'], part: 'is the preflight' },
    { path: verify, at: ['verify'], part: 'is the verification' },
    { path: readContract, at: ['readContract'], part: 'is the read contract' },
    { path: revalidate?.file, at: ['revalidate', 'file'], part: 'is the revalidation' },
    { path: baseline?.probe, at: ['baseline', 'probe'], part: 'is the probe' },
  ] as const;
  return reads.flatMap(({ path, at, part }) => (path === undefined ? [] : [{ path, at, part, use: 'read' }]));
}

function tierFilesOf({ tiers }: Descriptor): FileReference[] {
  return tiers.flatMap((tier, index): FileReference[] => [
    { path: tier.apply, at: ['tiers', index, 'apply'], part: `applies tier ${tier.id}`, use: 'apply' },
    ...(tier.rollback === undefined
      ? []
      : [
          {
            path: tier.rollback,
            at: ['tiers', index, 'rollback'],
            part: `rolls back tier ${tier.id}`,
            use: 'rollback' as const,
          },
        ]),
  ]);
}

function byHandOf({ breakGlass }: Descriptor): FileReference[] {
  return breakGlass.map((path, index) => ({
    path,
    at: ['breakGlass', index],
    part: 'is a break-glass file',
    use: 'by hand',
  }));
}
