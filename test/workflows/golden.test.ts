import { ApplicationFailure, Context } from '@temporalio/activity';
import type { GoldenOrder } from '../../src/core/schema/golden';
import { STATEMENT_FAILED } from './orders';
import { ToldWorld } from './told';
import { GOLDEN, audited, described } from './well';
import type { Told } from './well';

const DIFFERS: Told = {
  fingerprintClone: () => ({ ...GOLDEN.fingerprint, ref: '1'.repeat(64) }),
  compareFingerprints: () => ({ verdict: 'different', differences: ['rows of public.t: 1 → 2'], more: 0 }),
};

describe('an act on a golden', () => {
  let world: ToldWorld;
  beforeAll(async () => {
    world = await ToldWorld.open();
  });
  afterAll(() => world.close());

  it('verify names what differs, and changes nothing', async () => {
    const { asked, outcome } = await act('verify', DIFFERS);
    expect(outcome).toMatchObject({
      outcome: 'differs',
      comparison: { differences: ['rows of public.t: 1 → 2'] },
    });
    expect(asked.filter((name) => CHANGES.includes(name))).toEqual([]);
  });

  it('verify takes a probe that does not run, and a changed snapshot, for findings', async () => {
    const file = { path: 'probe.sql', sha256: 'a'.repeat(64) };
    const { outcome } = await act('verify', {
      auditOrder: audited({ probe: file }),
      readBaseline: () => {
        throw STATEMENT_FAILED;
      },
      checkSnapshot: () => ['dump/1.dat was changed'],
    });
    expect(outcome).toMatchObject({
      outcome: 'differs',
      problems: ['snapshot: dump/1.dat was changed', 'division by zero (SQLSTATE 22012)'],
    });
  });

  it('reset restores, verifies, swaps and drops, in that order', async () => {
    const { asked, outcome } = await act('reset', {});
    expect(outcome).toMatchObject({ outcome: 'reset', databasesLeft: [] });
    expect(asked.filter((name) => CHANGES.includes(name))).toEqual([
      'prepareReset',
      'restoreGolden',
      'swapGolden',
      'dropClone',
    ]);
  });

  it('reset never swaps in what is not as recorded, and drops it', async () => {
    const { asked, outcome } = await act('reset', DIFFERS);
    expect(outcome).toMatchObject({
      outcome: 'failed',
      error: { code: 'GOLDEN_DIFFERS' },
      databasesLeft: [],
    });
    expect(asked).not.toContain('swapGolden');
    expect(asked).toContain('dropClone');
  });

  it('snapshot leaves no dump behind where the clone is not what it must be', async () => {
    const enterGolden = (): never => {
      throw ApplicationFailure.create({ type: 'CLONE_NOT_OURS', message: 'gone', nonRetryable: true });
    };
    const { asked, outcome } = await act('snapshot', { enterGolden });
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'CLONE_NOT_OURS' } });
    expect(asked).toContain('removeDump');
  });

  it('snapshot that is cancelled while it is entered keeps the dump that is recorded', async () => {
    const removed: string[] = [];
    const { outcome } = await act('snapshot', {
      readKeptClone: () => ({ clone: { name: 'kept', nonce: 'n' }, kept: GOLDEN, record: GOLDEN }),
      takeSnapshot: () => GOLDEN,
      enterGolden: async () => {
        await world.started(Context.current().info.workflowExecution?.workflowId ?? '').cancel();
      },
      removeDump: ({ dump }) => {
        removed.push(dump);
      },
    });
    expect(outcome.outcome).toBe('snapshot taken');
    expect(removed).toEqual([GOLDEN.snapshot.place]); // the one before
  });

  it('snapshot of a clone in which a sensitive column was not masked is refused before it is taken', async () => {
    const masking = { sensitive: ['public.users.email'], columns: {} };
    const { asked, outcome } = await act('snapshot', {
      describeTarget: ({ target }) => described(target, { masking }),
    });
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'MASK_MISSING' } });
    expect(asked).not.toContain('takeSnapshot');
  });

  function act(what: GoldenOrder['act'], told: Told) {
    return world.golden(what, told);
  }
});

const CHANGES = [
  'takeSnapshot',
  'enterGolden',
  'prepareReset',
  'restoreGolden',
  'swapGolden',
  'dropClone',
  'retireGolden',
  'removeDump',
];
