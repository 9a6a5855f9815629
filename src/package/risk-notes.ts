import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { RiskNote } from '../core/schema/risk-note';
import type { TierRule } from '../core/schema/descriptor';
import { modeOf } from '../core/rules/tier-mode';
import { DESCRIPTOR_FILE, parseDescriptor } from './descriptor';
import { readFolder } from './folder';
import type { PackageFiles } from './folder';

/** What squawk says with `--reporter=json`; lines count from 0 there. */
const Told = z.array(z.object({ rule_name: z.string(), message: z.string(), line: z.number().int() }));

/** What One-Roof sees to itself: time limits, transactions, and that a tier is applied once. */
const SEEN_TO = [
  'require-timeout-settings',
  'require-lock-timeout',
  'require-statement-timeout',
  'prefer-robust-stmts',
  'transaction-nesting',
];

const PATIENCE_MS = 20_000;

/** The notes on a folder that was checked before. */
export async function riskNotesIn(root: string): Promise<readonly RiskNote[] | null> {
  const { files } = await readFolder(root);
  return riskNotesOf(files, parseDescriptor(files.get(DESCRIPTOR_FILE) ?? Buffer.alloc(0)).tiers);
}

/** What a linter that reads no database warns of in the SQL of tiers; null: squawk does not run on this machine. */
export async function riskNotesOf(
  files: PackageFiles,
  tiers: readonly TierRule[],
): Promise<readonly RiskNote[] | null> {
  const squawk = findSquawk();
  if (squawk === undefined) return null;
  const notes: RiskNote[] = [];
  for (const tier of tiers) {
    const found = await notesOn(squawk, tier, files.get(tier.apply) ?? Buffer.alloc(0));
    if (found === null) return null;
    notes.push(
      ...found.map(({ rule_name: rule, message, line }) => ({
        tier: tier.id,
        file: tier.apply,
        line: line + 1,
        rule,
        message,
      })),
    );
  }
  return notes;
}

/** Its program comes in a package of its own for each platform, where there is one. */
function findSquawk(): string | undefined {
  const { platform, arch } = process;
  const program = platform === 'win32' ? 'squawk.exe' : 'squawk';
  try {
    return createRequire(__filename).resolve(`@squawk-cli/${platform}-${arch}/bin/${program}`);
  } catch {
    return undefined; // there is none for this platform, or it was not installed: then there are no notes
  }
}

function notesOn(squawk: string, tier: TierRule, sql: Buffer): Promise<z.infer<typeof Told> | null> {
  const inTransaction = modeOf(tier) === 'transaction' ? ['--assume-in-transaction'] : [];
  const given = [
    '--reporter=json',
    '--stdin-filepath',
    tier.apply,
    `--exclude=${SEEN_TO.join(',')}`,
    ...inTransaction,
  ];
  return new Promise((resolve) => {
    const child = execFile(squawk, given, { timeout: PATIENCE_MS, maxBuffer: 2 ** 26 }, (_, output) => {
      resolve(toldIn(output)); // it ends with 1 where it found something
    });
    child.stdin?.on('error', () => undefined); // it has ended before it has read all: its answer says so
    child.stdin?.end(sql);
  });
}

function toldIn(output: string): z.infer<typeof Told> | null {
  try {
    return Told.parse(JSON.parse(output));
  } catch {
    return null; // it did not run
  }
}
