import { resolve } from 'node:path';
import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import type { Audit } from '../../package/audit';
import { auditFolder } from '../../package/audit';
import type { PackageCheck } from '../../package/check';
import { checkPackage } from '../../package/check';
import { writeLastEditor } from '../../package/last-editor';
import { writeManifest } from '../../package/manifest';
import { riskNotesIn } from '../../package/risk-notes';
import type { RiskNote } from '../../core/schema/risk-note';
import { command } from '../command';
import { EXIT_CODES, exitOfFailure } from '../exit-codes';
import { Folder, Name } from '../input';
import { table } from '../print/table';

const FOLDER = [['<folder>', "the package's folder, which holds release.yaml"]] as const;
const input = z.object({ folder: Folder });

/** Descriptor, SQL and rollback sections: does it make sense? */
export const packageCheck = command({
  name: 'package check',
  summary: 'read the descriptor and parse all SQL; everything that is wrong is listed',
  arguments: FOLDER,
  options: [],
  examples: [['package check sql/one-roof-governance', 'problems with file, line and column']],
  exits: { 0: 'nothing is wrong', 2: 'something is wrong, or wrong usage' },
  input,
  run: async (context, { folder }) => {
    const root = resolve(context.folder, folder);
    const checked = await checkPackage(root);
    const exit = checked.ok ? EXIT_CODES.done : EXIT_CODES.usage;
    const notes = checked.ok ? await riskNotesIn(root) : null;
    const text = [checkText(checked), ...notesLines(notes)].join('\n');
    return { document: { kind: 'package check', ...checked, notes }, text, exit };
  },
});

/** A linter's notes are read, never obeyed: what a rehearsal measures is what counts. */
function notesLines(notes: readonly RiskNote[] | null): readonly string[] {
  if (notes === null || notes.length === 0) return [];
  return [
    'squawk, which has only read the SQL, notes (a rehearsal measures what is true of them):',
    ...notes.map(({ file, line, rule, message }) => `  ${file}:${line} ${rule}: ${message}`),
  ];
}

/** The SHA-256 of every file. */
export const packageManifest = command({
  name: 'package manifest',
  summary: "write the manifest of the folder's files as they are now",
  arguments: FOLDER,
  options: [
    ['--as <who>', 'who has edited it: written into release.yaml as `lastEditor`, who may not approve it'],
  ],
  examples: [
    ['package manifest sql/one-roof-governance', 'writes manifest-sha256.txt and tells the digest'],
    ['package manifest sql/one-roof-governance --as lead-a', 'lead-a has changed it, and cannot approve it'],
  ],
  exits: { 0: 'written', 4: 'links or names that no manifest can stand for' },
  input: input.extend({ as: Name.optional() }),
  run: async (context, { folder, as }) => {
    const root = resolve(context.folder, folder);
    if (as !== undefined) await writeLastEditor(root, as);
    const { digest, files } = await writeManifest(root);
    const text = `${files} files, digest ${digest}\nApprovals and rehearsals of other bytes do not count for it.`;
    return { document: { kind: 'manifest', digest, files }, text, exit: EXIT_CODES.done };
  },
});

/** The name of the bytes. */
export const packageDigest = command({
  name: 'package digest',
  summary: 'the digest that names exactly these bytes',
  arguments: FOLDER,
  options: [],
  examples: [
    ['package digest sql/one-roof-governance', 'as `LC_ALL=C sort manifest-sha256.txt | sha256sum`'],
  ],
  exits: { 0: 'told', 4: 'the files are not what the manifest says' },
  input,
  run: async (context, { folder }) => {
    const found = await auditFolder(resolve(context.folder, folder));
    if (found.digest === null || !found.ok) throw mismatch(found);
    return { document: { kind: 'digest', digest: found.digest }, text: found.digest, exit: EXIT_CODES.done };
  },
});

/** Bytes only: manifest, links, twins. */
export const audit = command({
  name: 'audit',
  summary: 'are the files exactly those of the manifest? Bytes, links, twins; no SQL is read',
  arguments: FOLDER,
  options: [],
  examples: [['audit sql/one-roof-governance --json', 'for a build: exit 4 at the first changed byte']],
  exits: { 0: 'every byte is as the manifest says', 4: 'something differs; each is listed' },
  input,
  run: async (context, { folder }) => {
    const found = await auditFolder(resolve(context.folder, folder));
    const exit = found.ok ? EXIT_CODES.done : exitOfFailure('MANIFEST_MISMATCH');
    return { document: { kind: 'audit', ...found }, text: auditText(found), exit };
  },
});

function mismatch({ findings }: Audit): ReleaseError {
  const problems = findings.map(({ path, message }) => `${path} ${message}`);
  return new ReleaseError('MANIFEST_MISMATCH', problems.join('; '), { details: { findings } });
}

function auditText({ ok, digest, files, findings, executed, idle }: Audit): string {
  const head = ok
    ? `${files} files are exactly those of the manifest`
    : `${counted(findings, 'finding')} in ${files} files`;
  const rows = findings.map(({ path, kind, message }) => [path, kind, message]);
  const list =
    rows.length === 0
      ? []
      : [
          table(
            ['file', 'finding', ''].map((each) => ({ head: each })),
            rows,
          ),
        ];
  const run = executed.filter(({ use }) => use !== 'by hand').length;
  const others = [`${executed.length - run} are for psql`, `${idle.length} play no part`];
  const parts = executed.length === 0 ? [] : [`${run} files are executed, ${others.join(', ')}`];
  return [`${head}; digest ${digest ?? 'unknown: there is no manifest'}`, ...parts, ...list].join('\n');
}

function checkText({ package: ref, scopes, tiers, problems, warnings }: PackageCheck): string {
  const rows = tiers.map(({ id, statements, rollback }) => [
    id,
    String(statements),
    rollback === null ? 'irreversible' : String(rollback),
  ]);
  return [
    ref === null ? 'no package' : `${ref.name} ${ref.version}, digest ${ref.digest}`,
    ...(scopes.length === 0 ? [] : [`scopes: ${scopes.join(', ')}`]),
    ...(rows.length === 0
      ? []
      : [table([{ head: 'tier' }, { head: 'statements' }, { head: 'rollback' }], rows)]),
    ...problems.map(({ code, message, hint }) => `✗ ${code} ${message}\n  → ${hint}`),
    ...warnings.map((warning) => `! ${warning}`),
    problems.length === 0 ? 'nothing is wrong' : counted(problems, 'problem'),
  ].join('\n');
}

function counted(things: readonly unknown[], word: string): string {
  return `${things.length} ${word}${things.length === 1 ? '' : 's'}`;
}
