import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A bundle of workflows and its build, which is the digest of its bytes. */
export interface Build {
  readonly id: string;
  readonly codePath: string;
}

const ID_LETTERS = 16;

/** The build that a bundle is. */
export function buildAt(codePath: string): Build {
  const digest = createHash('sha256').update(readFileSync(codePath)).digest('hex');
  return { id: digest.slice(0, ID_LETTERS), codePath };
}

/** Keeps a bundle in the store: releases that are pinned to it need it as long as they live, also after an upgrade. */
export function keepBuild(storeRoot: string, build: Build): void {
  const place = placeOf(storeRoot, build.id);
  if (existsSync(place)) return;
  mkdirSync(join(storeRoot, 'builds'), { recursive: true });
  const draft = `${place}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, readFileSync(build.codePath), { flush: true });
  renameSync(draft, place);
}

/** A build from the store, if it is there and is still what it was. */
export function keptBuild(storeRoot: string, id: string): Build | undefined {
  const place = placeOf(storeRoot, id);
  if (!existsSync(place)) return undefined;
  const found = buildAt(place);
  return found.id === id ? found : undefined;
}

function placeOf(storeRoot: string, id: string): string {
  return join(storeRoot, 'builds', `${id}.js`);
}
