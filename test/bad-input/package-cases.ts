import { rehearse, release } from './cases';
import type { Case } from './cases';

/** Of a package, found before anything is sent. */
export const PACKAGE_CASES: readonly Case[] = [
  {
    name: 'no folder there',
    words: () => rehearse('no/such/folder'),
    exit: 2,
    code: 'PACKAGE_MISSING',
    says: /no\/such\/folder/,
    hint: /folder that holds release\.yaml/,
  },
  {
    name: 'a folder without release.yaml',
    words: ({ packages }) => release(packages.withoutDescriptor),
    exit: 2,
    code: 'PACKAGE_MISSING',
    says: /^\/\S+ holds no release\.yaml/,
    hint: /folder that holds release\.yaml/,
  },
  {
    name: 'a descriptor with a typo',
    words: ({ packages }) => rehearse(packages.typo),
    exit: 2,
    code: 'DESCRIPTOR_INVALID',
    says: /release\.yaml:\d+:\d+.*rolback.*did you mean .*rollback/s,
    hint: /Correct release\.yaml/,
  },
  {
    name: 'a changed byte in a tier',
    words: ({ packages }) => release(packages.changedByte),
    exit: 4,
    code: 'MANIFEST_MISMATCH',
    says: /items\.sql/,
    hint: /Restore the file/,
  },
  {
    name: 'a file that the manifest does not list',
    words: ({ packages }) => rehearse(packages.unlisted),
    exit: 4,
    code: 'MANIFEST_MISMATCH',
    says: /late\.sql/,
    hint: /new manifest/,
  },
  {
    name: 'a file of the manifest that is not there',
    words: ({ packages }) => release(packages.removed),
    exit: 4,
    code: 'MANIFEST_MISMATCH',
    says: /prices\.sql/,
    hint: /Restore the file/,
  },
  {
    name: 'a COMMIT in a tier',
    words: ({ packages }) => rehearse(packages.commit),
    exit: 2,
    code: 'SQL_REFUSED',
    says: /items\.sql:3:1: transaction control/,
    hint: /Take the construct out/,
  },
  {
    name: 'a tier that names schema one_roof',
    words: ({ packages }) => release(packages.oneRoof),
    exit: 2,
    code: 'SQL_REFUSED',
    says: /items\.sql:3:\d+: .*one_roof/,
    hint: /Take the construct out/,
  },
];
