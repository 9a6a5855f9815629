import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAt, keepBuild, keptBuild } from '../../src/worker/builds';

describe('a build of the workflows', () => {
  let root: string;
  let bundle: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'one-roof-builds-'));
    bundle = join(root, 'workflow-bundle.js');
    writeFileSync(bundle, 'first');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is named by its bytes, and kept for the releases that are pinned to it when the next one comes', () => {
    const first = buildAt(bundle);
    keepBuild(root, first);
    keepBuild(root, first);
    writeFileSync(bundle, 'second');
    const second = buildAt(bundle);
    expect(second.id).not.toBe(first.id);
    const kept = keptBuild(root, first.id);
    expect(kept?.id).toBe(first.id);
    expect(readFileSync(kept?.codePath ?? '', 'utf8')).toBe('first');
    expect(keptBuild(root, second.id)).toBeUndefined();
  });

  it('is not run once its bytes have changed in the store', () => {
    const build = buildAt(bundle);
    keepBuild(root, build);
    appendFileSync(keptBuild(root, build.id)?.codePath ?? '', ' and more');
    expect(keptBuild(root, build.id)).toBeUndefined();
  });
});
