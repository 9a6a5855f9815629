import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { URLSearchParams } from 'node:url';
import { SetupError, begin, note } from './progress.mjs';
import { attempt, runQuietly } from './run-program.mjs';
import { makeWhole, userCache } from './user-cache.mjs';

/** What has the summaries on the timeline that people are to read. */
const OLDEST_SERVER = [1, 29];
const DOWNLOAD_ANSWER_MS = 10_000;
const DOWNLOAD_STALL_MS = 60_000;

/** The Temporal server or CLI to use without fetching anything: address → PATH → per-user cache; null where there is none. */
export async function findTemporal({ root, environment = process.env, looked = [] }) {
  if (environment.TEMPORAL_ADDRESS) return { kind: 'address', address: environment.TEMPORAL_ADDRESS };
  looked.push('TEMPORAL_ADDRESS: not set');
  for (const folder of (environment.PATH ?? '').split(delimiter).filter(Boolean)) {
    const found = await describeCli(join(folder, 'temporal'), looked);
    if (found !== null) return found;
  }
  looked.push('temporal on PATH: none that fits');
  const cached = cachePlace(await pinnedVersion(root), environment);
  const found = await describeCli(cached, looked);
  if (found === null) looked.push(`${cached}: not there`);
  return found;
}

/** Fetches the pinned CLI into the per-user cache: the SDK's own download, else a build of the pinned Go module. */
export async function fetchTemporal({ root, environment = process.env, looked = [] }) {
  const version = await pinnedVersion(root);
  const place = cachePlace(version, environment);
  begin('Temporal', `fetching its CLI ${version}, which brings the development server, into ${place}`);
  await makeWhole(place, async (path) => {
    if (!(await download(version, path, looked)))
      await buildFromModule({ root, version, path, environment, looked });
    await chmod(path, 0o755);
    if ((await describeCli(path, looked)) === null)
      throw missing(looked, 'the fetched Temporal CLI does not run');
  });
  return describeCli(place, looked);
}

/** What to say where nothing helped. */
export function missing(looked, what = 'there is no Temporal CLI') {
  return new SetupError(what, {
    looked,
    mend: [
      'macOS:          brew install temporal',
      'Linux, WSL:     curl -sSf https://temporal.download/cli.sh | sh     (then put ~/.temporalio/bin on PATH)',
      'closed network: install Go ≥ 1.21 (it reaches a Go proxy), then npm run setup',
      'your own server: TEMPORAL_ADDRESS=host:7233 npm run setup',
    ],
  });
}

/** The version that tools/temporal/go.mod pins. */
export async function pinnedVersion(root) {
  const module = await readFile(join(root, 'tools', 'temporal', 'go.mod'), 'utf8');
  const match = /github\.com\/temporalio\/cli v(\S+)/.exec(module);
  if (match === null)
    throw new SetupError('tools/temporal/go.mod names no version of github.com/temporalio/cli');
  return match[1];
}

/** Where the cache keeps that version for this machine. */
export function cachePlace(version, environment = process.env) {
  return join(userCache(environment), `temporal-${version}-${process.platform}-${process.arch}`, 'temporal');
}

/** Runs `--version`, which proves that the file is whole and warms it; null where it does not fit, `looked` says why. */
async function describeCli(path, looked) {
  try {
    await access(path, constants.X_OK);
  } catch {
    return null; // not there, or not ours to run
  }
  const { code, output } = await attempt(path, ['--version'], { timeoutMs: 60_000 });
  const server = /Server (\d+)\.(\d+)\.(\d+)/.exec(output);
  if (code !== 0 || server === null) {
    looked.push(`${path}: does not run, or names no server (${output.split('\n')[0]})`);
    return null;
  }
  const [major, minor] = [Number(server[1]), Number(server[2])];
  if (major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1])) {
    looked.push(`${path}: its server is ${server[0]}, older than ${OLDEST_SERVER.join('.')}`);
    return null;
  }
  return { kind: 'cli', path, version: server[0].replace('Server ', '') };
}

/** The download that the TypeScript SDK itself makes (core's ephemeral_server): an answer within 10 s, or not at all. */
async function download(version, path, looked) {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch];
  const query = new URLSearchParams({ arch, platform: process.platform, format: 'tar.gz' });
  const url = `https://temporal.download/cli/v${version}?${query}`;
  const folder = `${path}.download`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_ANSWER_MS) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const { archiveUrl, fileToExtract } = await answer.json();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'archive.tar.gz'), await bytesOf(archiveUrl));
    await runQuietly('tar', ['-xzf', 'archive.tar.gz', fileToExtract], { cwd: folder });
    await copyFile(join(folder, fileToExtract), path);
    return true;
  } catch (error) {
    looked.push(`https://temporal.download: ${error.cause?.code ?? error.message}`);
    note(`Temporal's download does not answer (${error.cause?.code ?? error.message}); building it instead`);
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bytesOf(url) {
  const stalled = new globalThis.AbortController();
  let timer = setTimeout(() => stalled.abort(), DOWNLOAD_STALL_MS);
  try {
    const chunks = [];
    for await (const chunk of (await fetch(url, { signal: stalled.signal })).body) {
      chunks.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), DOWNLOAD_STALL_MS);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}

async function buildFromModule({ root, version, path, environment, looked }) {
  if ((await attempt('go', ['version'], { env: environment })).code !== 0) {
    looked.push('go: not on PATH, so the CLI cannot be built');
    throw missing(looked);
  }
  note('building it with Go from the pinned module takes 4 to 6 minutes, once for this user');
  const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
  await runQuietly(
    'go',
    ['build', '-trimpath', '-ldflags', flags, '-o', path, 'github.com/temporalio/cli/cmd/temporal'],
    {
      cwd: join(root, 'tools', 'temporal'),
      env: {
        ...environment,
        CGO_ENABLED: '0',
        GOWORK: 'off',
        GOFLAGS: '',
        GOTOOLCHAIN: environment.GOTOOLCHAIN ?? 'auto',
      },
      mend: missing(looked).mend,
    },
  );
}
