import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { judgeDrift } from '../../core/rules/drift';
import { ReleaseError } from '../../core/rules/release-error';
import { Metrics } from '../../core/schema/name';
import type { DriftVerdict } from '../../core/schema/outcome';
import { openPackage, plannedFile, readStatementsOf } from '../../package/package';
import type { ReleasePackage } from '../../package/package';
import type { SqlStatement } from '../../core/schema/statement';
import { readDatabase, verifyFits } from '../../postgres/identity';
import { readMetrics } from '../../postgres/metrics';
import { readOnly } from '../../postgres/read-only';
import { verifyRegistration } from '../../postgres/registration';
import { command } from '../command';
import type { CommandContext } from '../command';
import { EXIT_CODES } from '../exit-codes';
import { Folder, Name, parseJsonFile } from '../input';
import { metricsText } from '../print/outcome-text';
import { painter } from '../print/status-text';
import { table } from '../print/table';
import { withTarget } from '../target-session';
import { readTargets, targetOf, verifyKinds } from '../targets-file';

/** The part of a baseline's document that a comparison reads. */
const KeptBaseline = z.looseObject({ metrics: Metrics });

/** Reads the metrics of a target. */
export const baseline = command({
  name: 'baseline',
  summary: "read the metrics of a package's probe on a target, as its reader, read-only",
  arguments: [['<target>', 'the database']],
  options: [
    ['--package <folder>', "!the package's folder"],
    ['--compare <file>', 'the JSON of an earlier baseline; drift is judged as the package declares it'],
  ],
  examples: [
    ['baseline production --package sql/one-roof-governance --json > before.json', 'keep it'],
    [
      'baseline production --package sql/one-roof-governance --compare before.json',
      'exit 1 if something drifted',
    ],
  ],
  exits: {
    0: 'read, no drift',
    1: 'drift, or the server failed',
    4: 'the reader is refused, or the read wrote',
  },
  input: z.object({ target: Name, package: Folder, compare: z.string().optional() }),
  run: async (context, { target, package: folder, compare }) => {
    const pkg = await openPackage(resolve(context.folder, folder));
    const before = compare === undefined ? undefined : await readBefore(resolve(context.folder, compare));
    const probe = await probeOf(pkg);
    const at = new Date().toISOString();
    const { value: metrics, mutations } = await readOn(context, target, { pkg, probe });
    if (mutations > 0) throw new ReleaseError('READ_WROTE', `reading ${target} assigned a transaction id`);
    const head = { kind: 'baseline', target, package: pkg.ref, at, metrics, mutations };
    if (before === undefined)
      return { document: head, text: metricsText('metric', metrics), exit: EXIT_CODES.done };
    const drift = driftSince(pkg, before, metrics);
    const drifted = drift.some(({ verdict }) => verdict === 'drift');
    const text = driftText(drift, painter(context.terminal.colours));
    return { document: { ...head, drift }, text, exit: drifted ? EXIT_CODES.notDone : EXIT_CODES.done };
  },
});

async function probeOf(pkg: ReleasePackage): Promise<readonly SqlStatement[]> {
  const path = pkg.descriptor.baseline?.probe;
  if (path !== undefined) return await readStatementsOf(pkg, plannedFile(pkg, path));
  throw new ReleaseError('DESCRIPTOR_INVALID', `package ${pkg.ref.name} has no baseline.probe to read`);
}

/** A kept baseline is one of the database that was meant: which one answers is asked first. */
async function readOn(
  context: CommandContext,
  target: string,
  { pkg, probe }: { readonly pkg: ReleasePackage; readonly probe: readonly SqlStatement[] },
) {
  const known = readTargets(context);
  verifyKinds(known, [{ by: 'a baseline', name: target, kind: 'database' }]);
  const nonce = targetOf(known, target).registration;
  const access = { target, role: 'reader', purpose: 'baseline', readOnly: true } as const;
  return await withTarget(known, access, (session) => {
    const work = async (): Promise<Metrics> => {
      if (nonce !== undefined) await verifyRegistration(session, { kind: 'production', nonce });
      verifyFits(await readDatabase(session), pkg.descriptor.database);
      return await readMetrics(session, probe);
    };
    return readOnly(session, work, 'one');
  });
}

async function readBefore(file: string): Promise<Metrics> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ReleaseError('USAGE', `${file} cannot be read`, {
      hint: 'Give the JSON of a baseline.',
      cause,
    });
  });
  return parseJsonFile(file, text, KeptBaseline).metrics;
}

/** What has not moved is as it should be, also where a release would have moved it. */
function driftSince(pkg: ReleasePackage, before: Metrics, now: Metrics): readonly DriftVerdict[] {
  const rules = pkg.descriptor.baseline?.metrics ?? {};
  return judgeDrift(rules, before, now).map((line) =>
    line.entry === line.exit && line.verdict === 'drift' ? { ...line, verdict: 'as declared' } : line,
  );
}

function driftText(drift: readonly DriftVerdict[], paint: ReturnType<typeof painter>): string {
  const rows = drift.map(({ metric, entry, exit, policy, verdict }) => [
    metric,
    String(entry),
    String(exit),
    policy,
    verdict,
  ]);
  const heads = ['metric', 'before', 'now', 'declared', 'verdict'].map((head) => ({ head }));
  return table(heads, rows, paint);
}
