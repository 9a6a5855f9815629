import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServerUser } from '../../src/embedded/server-user';
import { hasState, openState } from '../../src/embedded/state';

/** Root of a user namespace (`unshare -r`) has a state of its own beside. */
const INNER = findServerUser()?.kind === 'mapped' ? ['mapped'] : [];

describe('the state directory', () => {
  const base = mkdtempSync(join(tmpdir(), 'or-'));
  chmodSync(base, 0o755);
  const made: string[] = [base];

  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });

  it('is .one-roof in the checkout', () => {
    const checkout = folder('plain');
    expect(open(checkout).root).toBe(join(checkout, '.one-roof', ...INNER));
  });

  it('of another name stands in it', () => {
    const checkout = folder('named');
    const place = { checkout, name: 'demo', environment: {} };
    expect(openState(place).root).toBe(join(checkout, '.one-roof', ...INNER, 'demo'));
    expect([hasState(place), hasState({ ...place, name: 'other' })]).toEqual([true, false]);
  });

  it('is elsewhere, where a socket path would be too long, and is named and found again', () => {
    const checkout = folder('long', 'x'.repeat(90));
    const { root } = open(checkout);
    expect(root).not.toContain('x'.repeat(90));
    const location = readFileSync(join(checkout, '.one-roof', 'location'), 'utf8').trim();
    expect(root).toBe(join(location, ...INNER));
    expect(open(checkout).root).toBe(root);
  });

  it('is elsewhere, where the user who runs the server cannot enter the checkout', () => {
    const checkout = folder('shut');
    chmodSync(checkout, 0o700);
    const mayBeHere = findServerUser()?.kind !== 'another';
    expect(open(checkout).root.startsWith(checkout)).toBe(mayBeHere);
  });

  it('of a copied checkout is its own', () => {
    const checkout = folder('original', 'y'.repeat(90));
    const { root } = open(checkout);
    const copy = folder('copy', 'y'.repeat(90));
    cpSync(checkout, copy, { recursive: true });
    expect(open(copy).root).not.toBe(root);
  });

  function folder(...names: string[]): string {
    const path = join(base, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  function open(checkout: string): ReturnType<typeof openState> {
    const state = openState({ checkout, environment: { HOME: join(base, 'home') } });
    made.push(state.root);
    return state;
  }
});
