import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageOf } from '../acceptance/support/packages';
import { SHOP_1 } from '../acceptance/support/shop';

const PROBE = `select 'labels' as metric, count(*) as value from entity_labels;\n`;

/** Two tiers that nothing is wrong with, and a probe. */
const GOOD = {
  ...SHOP_1,
  'release.yaml': `${SHOP_1['release.yaml'] ?? ''}baseline: { probe: probe.sql }\n`,
  'probe.sql': PROBE,
};

type Files = Readonly<Record<string, string>>;
type Change = (text: string) => string;

/** A package in which nothing is wrong, and the same with one thing wrong. */
export interface Packages {
  readonly good: string;
  readonly withoutDescriptor: string;
  readonly typo: string;
  readonly changedByte: string;
  readonly unlisted: string;
  readonly removed: string;
  readonly commit: string;
  readonly oneRoof: string;
  readonly otherDatabase: string;
  readonly laterServer: string;
}

export async function makePackages(): Promise<Packages> {
  const good = await packageOf(GOOD);
  const inDescriptor = (change: Change): Promise<string> => packageOf(changed('release.yaml', change));
  const inTier = (sql: string): Promise<string> =>
    packageOf(changed('items.sql', (text) => `${text}${sql}\n`));
  return {
    good,
    withoutDescriptor: await packageOf({ 'items.sql': 'select 1;\n' }),
    typo: await inDescriptor((text) => text.replace('rollback:', 'rolback:')),
    changedByte: await afterwards((folder) => changeByte(join(folder, 'items.sql'))),
    unlisted: await afterwards((folder) => appendFile(join(folder, 'late.sql'), 'select 1;\n')),
    removed: await afterwards((folder) => rm(join(folder, 'prices.sql'))),
    commit: await inTier('commit;'),
    oneRoof: await inTier('delete from one_roof.ledger;'),
    otherDatabase: await inDescriptor((text) => text.replace('name: directus', 'name: billing')),
    laterServer: await inDescriptor((text) =>
      text.replace('name: directus', 'name: directus, postgres: ">=99"'),
    ),
  };
}

function changed(path: string, change: Change): Files {
  const before = new Map(Object.entries(GOOD)).get(path) ?? '';
  const after = change(before);
  if (after === before) throw new Error(`nothing is changed in ${path}`);
  return { ...GOOD, [path]: after };
}

/** A package that is changed after its manifest was written. */
async function afterwards(change: (folder: string) => Promise<void>): Promise<string> {
  const folder = await packageOf(GOOD);
  await change(folder);
  return folder;
}

async function changeByte(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('bread', 'Bread'));
}
