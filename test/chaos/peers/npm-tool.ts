import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Workshop } from './peer';
import { runToEnd } from './process-group';

const INSTALL_LIMIT_MS = 300_000;
const Manifest = z.object({ version: z.string() });

/**
 * Installs one exact version beside the checkout. npm gets the caller's own environment, for it may name the registry;
 * install scripts do not run.
 */
export async function installFromNpm({ tools }: Workshop, name: string, version: string): Promise<void> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const args = ['install', '--prefix', tools, ...options, `${name}@${version}`];
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const { code, output } = await runToEnd({ program: 'npm', args, cwd: tools, env }, INSTALL_LIMIT_MS);
  if (code === 0) return;
  throw new Error(
    `${name} ${version} cannot be installed here, so there is nothing to compare with:\n${output}\n` +
      `what mends it: npm run chaos:peers   (again, where npm reaches a registry that has ${name})`,
  );
}

/** The program of an installed package. */
export function npmProgram(tools: string, name: string): string {
  return join(tools, 'node_modules', '.bin', name);
}

/** The version that is really there. */
export async function installedVersion(tools: string, name: string): Promise<string> {
  const file = join(tools, 'node_modules', name, 'package.json');
  return await Promise.resolve(Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version);
}
