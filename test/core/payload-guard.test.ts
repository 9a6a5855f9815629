import fc from 'fast-check';
import { approvalFault, controlFault, decisionFault } from '../../src/core/rules/payload-guard';
import { ApprovalPayload, ControlPayload, DecisionPayload } from '../../src/core/schema/act';

/** Values like those that a signal may carry: of the right shape, nearly so, and anything. */
const odd = fc.oneof(
  fc.constantFrom(
    'dba-a',
    'rollout',
    'x'.repeat(70),
    '',
    'Key Of Eight',
    'a'.repeat(64),
    'retry',
    'rollback',
  ),
  fc.anything(),
);
const payloads = fc.oneof(
  fc.anything(),
  fc.record(
    { key: odd, gate: odd, digest: odd, as: odd, reason: odd, choice: odd, signed: odd },
    { requiredKeys: [] },
  ),
);

describe('the plain guards of the workflow', () => {
  it.each([
    ['approval', approvalFault, ApprovalPayload],
    ['control', controlFault, ControlPayload],
    ['decision', decisionFault, DecisionPayload],
  ])('say of every %s payload what the zod schema says', (_, fault, schema) => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(fault(payload) === undefined).toBe(schema.safeParse(payload).success);
      }),
      { numRuns: 2000 },
    );
  });

  it('let a right payload through', () => {
    const right = { key: 'key-00001', gate: 'rollout', digest: 'a'.repeat(64), as: 'dba-a', reason: 'read' };
    expect([approvalFault(right), controlFault(right), decisionFault({ ...right, choice: 'retry' })]).toEqual(
      [undefined, undefined, undefined],
    );
  });
});
