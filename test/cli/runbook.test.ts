import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceFolder } from '../../src/evidence/evidence-folder';
import { openPackage } from '../../src/package/package';
import { sha256Of } from '../../src/package/sha256';
import { rehearsalOutcome } from './outcomes';
import { REFERENCE, errorOf, folderWith, run } from './spawned';

const TARGETS = `
production: { kind: database, connection: { service: prod }, registration: nonce-of-production, policy: { abort: [dba-a] } }
clone-host: { kind: clone-host, connection: { service: clones }, roles: { restorer: postgres } }
`;

describe('the command runbook', () => {
  it('needs no server, and says that nothing was rehearsed', () => {
    const store = mkdtempSync(join(tmpdir(), 'one-roof-store-'));
    const { status, stdout } = run(['runbook', 'release', REFERENCE], undefined, { ONE_ROOF_STORE: store });
    expect(status).toBe(0);
    expect(stdout).toContain('Release runbook: one-roof-governance 2026-06-03 on TARGET');
    expect(stdout).toContain('Nothing was rehearsed: the store has no passing rehearsal of');
  });

  it('takes the newest rehearsal that passed, of these bytes, this scope, this target and this registration', async () => {
    const { ref } = await openPackage(REFERENCE);
    const { sourceIdentity } = rehearsalOutcome();
    if (sourceIdentity === null) throw new Error('the sample knows its source');
    const meant = { ...sourceIdentity, registration: sha256Of('nonce-of-production') };
    const sample = rehearsalOutcome({ package: ref, sourceIdentity: meant });
    const store = mkdtempSync(join(tmpdir(), 'one-roof-store-'));
    const kept = evidenceFolder(store);
    const at = (day: number): string => `2026-06-0${day}T10:00:00.000Z`;
    await kept.put({ ...sample, id: 'rehearsal-1', endedAt: at(3) });
    await kept.put({ ...sample, id: 'rehearsal-2', endedAt: at(4) });
    await kept.put({ ...sample, id: 'rehearsal-3', endedAt: at(5), outcome: 'failed' });
    await kept.put({ ...sample, id: 'rehearsal-4', endedAt: at(5), scope: 'option-3' });
    await kept.put({ ...sample, id: 'rehearsal-5', endedAt: at(6), source: 'staging' });
    const recreated = { ...sourceIdentity, registration: 'd'.repeat(64) };
    await kept.put({ ...sample, id: 'rehearsal-6', endedAt: at(5), sourceIdentity: recreated });
    const where = [folderWith(TARGETS), { ONE_ROOF_STORE: store }] as const;
    const words = ['runbook', 'rollback', REFERENCE, '--target', 'production', '--json'];
    const { stdout } = run(words, ...where);
    expect(JSON.parse(stdout)).toMatchObject({ runbook: 'rollback', rehearsal: 'rehearsal-2' });
    expect(stdout).toContain('It may be done by dba-a.');
    expect(stdout).toContain('PGSERVICE=prod');
    const scoped = run([...words, '--scope', 'option-3'], ...where);
    expect(JSON.parse(scoped.stdout)).toMatchObject({ rehearsal: 'rehearsal-4', scope: 'option-3' });
    const unnamed = run(['runbook', 'release', REFERENCE, '--json'], folderWith('{}'), where[1]);
    expect(JSON.parse(unnamed.stdout)).toMatchObject({ target: 'staging', rehearsal: 'rehearsal-5' });
  });

  it('gives a scope no break-glass file that does more', () => {
    const { stdout } = run(['runbook', 'release', REFERENCE, '--scope', 'option-3']);
    expect(stdout).toContain(
      'This package has no break-glass file that can be used for the release of this scope.',
    );
    expect(stdout).toContain('prod/99_run_all.sql also takes 30_ownership_seed');
  });

  it('refuses a target that is none, and one that is no database', () => {
    const folder = folderWith(TARGETS);
    const wrong = run(['runbook', 'release', REFERENCE, '--target', 'clone-host', '--json'], folder);
    expect(errorOf(wrong.stdout)).toMatchObject({ code: 'CONFIG_INVALID' });
    const unknown = run(['runbook', 'release', REFERENCE, '--target', 'productoin', '--json'], folder);
    expect(errorOf(unknown.stdout)).toMatchObject({ code: 'TARGET_UNKNOWN' });
  });
});
