import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MANIFEST_FILE, manifestOf } from '../../src/package/manifest';
import { loadPackage } from '../../src/package/package';
import type { ReleasePackage } from '../../src/package/package';
import { ReleaseError } from '../../src/core/rules/release-error';

/** Text by path: the smallest package that has one of everything. Tests change single files of it. */
export const SAMPLE: Readonly<Record<string, string>> = {
  'release.yaml': `name: sample
version: "1"
database: { name: shop }
preflight: preflight.sql
tiers:
  - id: 10_first
    apply: 10.sql
    rollback: rollback.sql
  - id: 20_second
    apply: 20.sql
    rollback: rollback.sql
    expect: { rows: 2 }
  - id: 30_third
    apply: 30.sql
    irreversible: what was sent is sent
baseline:
  probe: probe.sql
  metrics:
    rows: { entry: 0, exit: 3 }
    issues: { drift: organic }
gates:
  - id: start
    before: 10_first
    approvals:
      dba: 1 of [dba-a, dba-b]
  - id: only-part
    before: 20_second
    scopes: [part]
    hard: { sql: select 1, opens: "> 0" }
scopes:
  part: { tiers: [10_first, 20_second], exit: { rows: 2 } }
  late: { tiers: [20_second, 30_third] }
`,
  'preflight.sql': `select 'server' as check, true as ok, null as detail;\n`,
  'probe.sql': `select 'rows', 1;\n`,
  '10.sql': `create table first (id int primary key);\ninsert into first values (1);\n`,
  '20.sql': `insert into first values (2);\n`,
  '30.sql': `insert into first values (3);\n`,
  'rollback.sql': `-- one-roof: rollback 10_first\ndrop table first;\n-- one-roof: rollback 20_second\ndelete from first where id = 2;\n`,
};

/** The sample with some files changed; null takes one away. */
export function sampleText(changes: Readonly<Record<string, string | null>> = {}): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [path, text] of Object.entries({ ...SAMPLE, ...changes })) {
    if (text !== null) files.set(path, Buffer.from(text));
  }
  return files;
}

/** The same with its manifest. */
export function sampleFiles(changes: Readonly<Record<string, string | null>> = {}): Map<string, Buffer> {
  const files = sampleText(changes);
  return files.set(MANIFEST_FILE, Buffer.from(manifestOf(files)));
}

export function samplePackage(changes: Readonly<Record<string, string | null>> = {}): ReleasePackage {
  return loadPackage(sampleFiles(changes));
}

/** The descriptor with one piece of text replaced. */
export function descriptorWith(piece: string, other: string): string {
  const text = SAMPLE['release.yaml'] ?? '';
  if (!text.includes(piece)) throw new Error(`the sample's descriptor has no ${piece}`);
  return text.replace(piece, other);
}

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** An empty folder of its own, removed after the tests of the file. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'one-roof-package-'));
  folders.push(folder);
  return folder;
}

/** Writes files into a fresh folder. */
export async function folderOf(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const root = await freshFolder();
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
  return root;
}

/** The ReleaseError that a piece of work ends in, as `CODE: message`. */
export async function failureOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ReleaseError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no failure';
}
