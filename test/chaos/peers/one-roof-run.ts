import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/**
 * A run of One-Roof as a supervisor has it: the worker, and a person's command beside it. Started again after a kill, it finds
 * the release under way and watches it; its worker goes on with it.
 */
const [, , folder = '', target = ''] = process.argv;
const checkout = join(__dirname, '..', '..', '..', '..', '..');
const CLI = join(checkout, 'bin', 'one-roof.mjs');

void main();

async function main(): Promise<void> {
  const worker = spawn(process.execPath, [join(checkout, 'dist', 'worker', 'main.js')], { stdio: 'ignore' });
  const underWay = await releaseUnderWay();
  const release = ['release', folder, '--target', target, '--requester', 'lead-a', '--until', 'end'];
  const command = spawn(
    process.execPath,
    [CLI, ...(underWay === undefined ? release : ['watch', underWay])],
    {
      stdio: 'inherit',
    },
  );
  process.exitCode = await endOf(command);
  worker.kill('SIGTERM');
  await endOf(worker);
}

async function releaseUnderWay(): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'list', '--open', '--json']);
  const document = z.object({ workflows: z.array(z.object({ id: z.string() })) });
  return document.parse(JSON.parse(stdout)).workflows[0]?.id;
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
