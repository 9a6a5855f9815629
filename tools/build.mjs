import { existsSync, realpathSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { digestOf, filesBelow } from './content-digest.mjs';
import { SetupError, begin, done } from './progress.mjs';
import { attempt } from './run-program.mjs';

const SOURCES = ['src', 'tsconfig.json', 'package-lock.json', 'tools/build.mjs'];

/** Is dist/ what the sources give? */
export async function isBuilt(root) {
  const { stamp, digest } = await state(root);
  return stamp === digest;
}

/** Compiles the sources, then bundles the workflows, each only if what it is made from has changed. */
export async function build(root) {
  const { stamp, digest } = await state(root);
  if (stamp === digest) return done('build', 'dist/ is up to date');
  begin('build', 'compiling TypeScript into dist/, because the sources have changed');
  await rm(stampFile(root), { force: true });
  await compile(root);
  await bundleWorkflows(root);
  await writeWhole(stampFile(root), digest);
  done('build', 'dist/ is made');
}

const stampFile = (root) => join(root, 'dist', '.sources-sha256');

async function state(root) {
  const files = await filesBelow(SOURCES.map((place) => join(root, place)));
  return { digest: await digestOf(root, files), stamp: await readOr(stampFile(root), '') };
}

/** An interrupted compiler may have noted files as written that are not: then it starts from nothing. */
async function compile(root) {
  const info = join(root, 'dist', '.tsbuildinfo');
  await takeAwayOrphans(root);
  if (await lacksOutput(root)) await rm(info, { force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [
    tsc,
    '-p',
    join(root, 'tsconfig.json'),
    '--incremental',
    '--tsBuildInfoFile',
    info,
    '--pretty',
    'false',
  ];
  const { code, output } = await attempt(process.execPath, args, { cwd: root });
  if (code !== 0)
    throw new SetupError(`the sources do not compile:\n${output}`, {
      mend: ['npm run build   (after correcting them)'],
    });
}

async function lacksOutput(root) {
  const sources = await filesBelow([join(root, 'src')]);
  return sources.some((file) => file.endsWith('.ts') && !existsSync(outputOf(root, file)));
}

/** A deleted source's output would still be loaded, and bundled. */
async function takeAwayOrphans(root) {
  const dist = join(root, 'dist');
  for (const file of await filesBelow([dist])) {
    const inner = relative(dist, file);
    if (!/\.js(\.map)?$/.test(inner) || inner.startsWith('workflow-bundle')) continue;
    if (!existsSync(join(root, 'src', inner.replace(/\.js(\.map)?$/, '.ts')))) await rm(file);
  }
}

const outputOf = (root, source) =>
  join(root, 'dist', relative(join(root, 'src'), source).replace(/\.ts$/, '.js'));

/** A worker that bundles by itself starts seconds later. */
async function bundleWorkflows(root) {
  const entry = join(root, 'dist', 'workflows', 'index.js');
  if (!existsSync(entry)) return;
  const parts = ['dist/workflows', 'dist/core', 'package-lock.json'].map((place) => join(root, place));
  const digest = await digestOf(
    root,
    (await filesBelow(parts)).filter((file) => !file.endsWith('.map')),
  );
  const bundle = join(root, 'dist', 'workflow-bundle.js');
  const stamp = join(root, 'dist', '.workflow-bundle-sha256');
  if (existsSync(bundle) && (await readOr(stamp, '')) === digest) return;
  begin('build', 'bundling the workflows');
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const silent = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, log() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: silent });
  await writeWhole(bundle, code);
  await writeWhole(stamp, digest);
}

async function writeWhole(file, text) {
  await writeFile(`${file}.partial`, text);
  await rename(`${file}.partial`, file);
}

async function readOr(file, otherwise) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return otherwise; // not made yet
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    await build(dirname(dirname(fileURLToPath(import.meta.url))));
  } catch (error) {
    console.error(error instanceof SetupError ? error.describe() : error);
    process.exitCode = 1;
  }
}
