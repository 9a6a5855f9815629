import type { WorkflowHandle } from '@temporalio/client';
import { packSigned, statementText } from '../../src/core/rules/approval-statement';
import { plan } from '../core/sample';
import { PACKAGE } from '../support/prepared';
import { auditedScopes, ledgers } from '../workflows/evaluated';
import { STATEMENT_FAILED, failAt, ungated } from '../workflows/orders';
import { Target, holdingIn, inLineIn } from '../workflows/held-target';
import type { ToldRelease, ToldWorld } from '../workflows/told';
import { payloadOf, statementFor } from '../workflows/roads';
import { APPLIED, ROLLED_BACK, SUMMARY, audited, seen } from '../workflows/well';
import type { Told } from '../workflows/well';

type Scenario = (world: ToldWorld) => Promise<WorkflowHandle>;

const OLD = 'release-shop-old';
const SIGNED = { assurance: 'ssh', allowedSigners: 'signers' };
const HARD = { sql: 'select 1', opens: '> 0' };

/** One history of each workflow and each way that it ends; the name is the file's. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'release-released': async (world) => {
    const release = await world.release({ auditOrder: audited({ gates: [{ ...gate(2), hard: HARD }] }) });
    await release.atGate();
    await release.signal('approve', { as: 'stranger' });
    await release.signal('approve', { as: 'dba-a' });
    await release.signal('pause', { as: 'dba-a' });
    await release.signal('resume', { as: 'dba-a' });
    await release.signal('approve', { as: 'dba-b' });
    await release.handle.signal('gateReadings', [
      { gate: 'rollout', open: true, value: 1, opens: '> 0', readAt: '' },
    ]);
    return ended(release);
  },
  'release-rolled-back': async (world) =>
    ended(await world.release({ ...ungated(), applyTier: failAt('30_c') })),
  'release-retried': async (world) => {
    let tries = 0;
    const applyTier: Told['applyTier'] = () => {
      tries += 1;
      if (tries === 2) throw new Error('the worker died');
      return APPLIED;
    };
    const release = await world.release({ ...ungated(), applyTier });
    await release.until((status) => status.stage === 'hold');
    await release.signal('decide', { choice: 'retry' });
    return ended(release);
  },
  'release-signed': async (world) => {
    const release = await world.release({
      auditOrder: async (order) => {
        const { plan, targets } = await audited({}, SIGNED)(order);
        return { plan, targets: targets.map((target) => ({ ...target, verifiesSignatures: true })) };
      },
    });
    await release.atGate();
    await release.signal('approve'); // only claimed: refused
    const statement = await statementFor(release);
    const signed = packSigned(statementText(statement), 'a signature');
    await release.handle.signal('approve', payloadOf(statement, signed));
    return ended(release);
  },
  'release-voided': async (world) => {
    let looks = 0;
    const observeTarget: Told['observeTarget'] = (sight) => {
      looks += 1;
      const schema = (looks < 2 ? '1' : '2').repeat(64); // as it was at entry, and from the gate on
      return seen(sight, sight.schema ? { schema: { ...SUMMARY, schema } } : {});
    };
    const release = await world.release({ observeTarget });
    await release.atGate();
    await release.signal('approve');
    await release.until(({ stages }) => stages.filter(({ stage }) => stage.startsWith('gate')).length === 2);
    await release.until((status) => status.waitingFor.length > 0);
    await release.signal('approve', { as: 'dba-b' });
    return ended(release);
  },
  'release-in-line': async (world) => {
    const target = new Target();
    const first = await holdingIn(world, target);
    const [next, last] = [await inLineIn(world, target), await inLineIn(world, target)];
    target.letFirstEnd();
    await Promise.all([first, last].map((release) => release.result()));
    return ended(next);
  },
  'release-held': async (world) => {
    const override = { bosses: { need: 2, of: ['boss-a', 'boss-b'] } };
    const windows = [{ from: '20:00', to: '21:00' }];
    let begin = 0;
    const closed = { kind: 'calendar', why: 'no window is open' } as const;
    const late = { kind: 'live', why: 'a replica is late', until: null } as const;
    const release = await world.release({
      auditOrder: audited({}, { windows, override }),
      readConditions: ({ live, forMs }) => {
        if (begin === 0) begin = Date.now() + 1_000;
        const until = new Date(begin).toISOString();
        const unmet = Date.now() < begin ? [{ ...closed, until }] : live && forMs === 0 ? [late] : [];
        return { unmet, readAt: '' };
      },
    });
    await release.atGate();
    await release.signal('approve');
    await release.until((status) => status.waitingFor[0] === late.why);
    await release.signal('approve', { gate: 'override.live', as: 'boss-a' });
    await release.signal('approve', { gate: 'override.live', as: 'boss-b' });
    return ended(release);
  },
  'release-rejected': async (world) => {
    const release = await world.release();
    await release.atGate();
    await release.signal('reject');
    return ended(release);
  },
  'release-expired': async (world) =>
    ended(await world.release({ auditOrder: audited({}, { waitAtMost: '1s' }) })),
  'release-aborted': async (world) => {
    const release = await world.release({ auditOrder: audited({ gates: [{ ...gate(1), before: '20_b' }] }) });
    await release.atGate();
    await release.signal('abort', { as: 'lead-a' });
    return ended(release);
  },
  'release-refused': async (world) => ended(await world.release({ findRehearsal: () => null })),
  'release-failed': async (world) =>
    ended(await world.release({ ...ungated(), applyTier: failAt('10_a'), rollBackTier: nothing })),
  'release-stuck': async (world) => {
    const rollBackTier: Told['rollBackTier'] = () => {
      throw STATEMENT_FAILED;
    };
    const release = await world.release({ ...ungated(), applyTier: failAt('20_b'), rollBackTier });
    await release.until((status) => status.stage === 'stuck');
    await release.signal('abort', { as: 'lead-a' });
    return ended(release);
  },
  'release-recovered': async (world) =>
    ended(await world.release({}, { order: { recovers: { release: OLD, claim: 1, choice: 'rollback' } } })),
  'release-rolls-back-finished': async (world) => {
    const tiers = [{ tier: '10_a', sha256: '', release: OLD, package: PACKAGE.name }];
    const told: Told = { readTiersInEffect: () => ({ tiers }) };
    const release = await world.release(told, { order: { rollsBack: OLD } });
    await release.atGate();
    await release.signal('approve');
    return ended(release);
  },
  'rehearsal-rehearsed': async (world) => rehearsed(world, {}),
  'rehearsal-failed': async (world) => rehearsed(world, { applyTier: failAt('20_b') }),
  'rehearsal-aborted': async (world) => {
    const handle = await world.rehearsal({
      restoreClone: () => new Promise((end) => setTimeout(end, 1_000)),
    });
    await handle.signal('abort', { key: 'key-00001', as: 'lead-a', reason: 'wrong day' });
    await handle.result();
    return handle;
  },
  'evaluation-evaluated': async (world) => {
    const handle = await world.evaluation({ auditOrder: auditedScopes(), ...ledgers() });
    await handle.result();
    return handle;
  },
  'evaluation-failed-scope': async (world) => {
    const told = { auditOrder: auditedScopes(), applyTier: failAt('10_a') };
    const handle = await world.evaluation(told);
    await handle.result();
    return handle;
  },
  'rehearsal-after-a-part': async (world) => {
    const handle = await world.evaluation({ auditOrder: auditedScopes(), ...ledgers() });
    await handle.result();
    return world.started(`${handle.workflowId.replace('evaluation-', 'rehearsal-')}3`);
  },
  'rehearsal-masked': async (world) => {
    const masking = { sensitive: ['public.users.email'], columns: { 'public.users.email': 'null' } };
    return rehearsed(world, { auditOrder: audited({}, { masking }) });
  },
  'golden-snapshot': async (world) => (await world.golden('snapshot')).handle,
  'golden-verify': async (world) => (await world.golden('verify')).handle,
  'golden-reset': async (world) => (await world.golden('reset')).handle,
  'golden-retire': async (world) => (await world.golden('retire')).handle,
  'gate-monitor': async (world) => {
    const release = await world.release();
    const gates = [{ gate: 'rollout', opens: '> 0' }];
    const waiting = { release: release.handle.workflowId, package: PACKAGE, scope: 'full', gates };
    const handle = await world.monitor({}, waiting);
    await handle.signal('subscribe', { release: 'no such release', package: PACKAGE, scope: 'full', gates });
    await handle.signal('unsubscribe', release.handle.workflowId);
    await handle.result();
    await release.signal('abort');
    return handle;
  },
};

function gate(need: number) {
  return { id: 'rollout', before: '10_a', approvals: { dba: { need, of: ['dba-a', 'dba-b'] } } };
}

const nothing: NonNullable<Told['rollBackTier']> = () => ({ outcome: 'not applied' });

async function rehearsed(world: ToldWorld, told: Told): Promise<WorkflowHandle> {
  const tiers = plan().tiers.map((tier) => ({ ...tier, rules: { ...tier.rules, repeatable: true } }));
  const rollBackTier = (): typeof ROLLED_BACK => ROLLED_BACK;
  const handle = await world.rehearsal({ auditOrder: audited({ tiers }), rollBackTier, ...told });
  await handle.result();
  return handle;
}

async function ended(release: ToldRelease): Promise<WorkflowHandle> {
  await release.result();
  return release.handle;
}
