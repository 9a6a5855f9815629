import { ReleaseError } from '../core/rules/release-error';
import type { ReleasePackage } from '../package/package';
import type { House } from './house';

/** The package of that name, or the only one. @throws USAGE naming those that the server was started with */
export function packageMeant({ packages }: House, name: string | undefined): ReleasePackage {
  const [only, ...others] = packages.values();
  const found = name === undefined && others.length === 0 ? only : packages.get(name ?? '');
  if (found !== undefined) return found;
  throw new ReleaseError(
    'USAGE',
    name === undefined ? 'a package must be named' : `there is no package ${name}`,
    {
      hint:
        packages.size === 0
          ? 'The server was started without `--package FOLDER`: only a person can add one.'
          : `The packages are ${[...packages.keys()].join(', ')}.`,
    },
  );
}
