import { markdownOf } from '../../src/evidence/document-markdown';
import { isOrdered, orderOf } from '../../src/evidence/order';
import { DIGEST, waitingStatus } from '../cli/outcomes';
import { plan } from '../core/sample';
import type { Status } from '../../src/core/schema/outcome';

const [GATE] = waitingStatus().gates;
const PACKAGE = { name: 'one-roof-governance', version: '2026-06-03', digest: DIGEST };
const APPROVING = {
  rehearsal: null,
  schema: null,
  assurance: 'claimed',
  requester: 'lead-a',
  entry: {},
  until: '2026-06-10T12:00:00.000Z',
  mayControl: ['lead-a', 'dba-a'],
} as const;

/** A release at a gate whose hard gate reads this. */
function at(value: number, change: Partial<Status> = {}): Status {
  if (GATE?.hard === null || GATE === undefined) throw new Error('the sample has a hard gate');
  const hard = { ...GATE.hard, value, open: value > 0 };
  const approving = { ...APPROVING, mayControl: [...APPROVING.mayControl] };
  return waitingStatus({ gates: [{ ...GATE, hard }], approving, ...change });
}

describe('the order behind an open gate', () => {
  it('is given when the hard gate is open, and not before', () => {
    expect(isOrdered(at(0))).toBe(false);
    expect(isOrdered(at(1))).toBe(true);
  });

  it('names release, digest, target, the readings, each command, what it must print, who may run it, and until when', () => {
    const status = at(3);
    const text = markdownOf(orderOf({ status, plan: plan({ package: PACKAGE }), rehearsedMs: 1_500 }));
    expect(text).toContain(`release ${status.id} with digest ${DIGEST}`);
    expect(text).toContain('valid until 2026-06-10T12:00:00.000Z');
    expect(text).toContain('| rollout | 10_structure | 3 | > 0 |');
    expect(text).toContain(`1. Anyone: \`one-roof status ${status.id}\` must print \`digest ${DIGEST}\``);
    expect(text).toContain('2. 1 of dba-a, dba-b (group dba): `one-roof approve ');
    expect(text).toContain('must print `approve by NAME: accepted`');
    expect(text).toContain('must end with `released` and exit code 0');
    expect(text).toContain('In rehearsal its tiers took 1.5 s.');
    expect(text).toContain('by lead-a or dba-a; what it has applied is rolled back');
    expect(text).toContain('10_a → 20_b → 30_c');
  });

  it('says what still holds it, and orders no emergency override', () => {
    const waitingFor = ['production: no window is open; until 2026-11-24T19:00:00.000Z'];
    const open = at(3);
    const [gate] = open.gates;
    if (gate === undefined) throw new Error('the sample has a gate');
    const approvals = [{ group: 'bosses', need: 2, have: [], of: ['boss-a', 'boss-b'] }];
    const override = { ...gate, id: 'override.calendar', open: false, approvals, hard: null };
    const status = {
      ...open,
      stage: 'conditions of 10_a',
      waitingFor,
      gates: [{ ...gate, open: true }, override],
    };
    const text = markdownOf(orderOf({ status, plan: plan(), rehearsedMs: null }));
    expect(text).toContain('What still holds it, though its gates are open');
    expect(text).toContain(waitingFor[0]);
    expect(text).not.toContain('override');
  });

  it('asks for a signature where approvals are signed', () => {
    const signed = at(3, { approving: { ...APPROVING, assurance: 'ssh', mayControl: null } });
    const text = markdownOf(orderOf({ status: signed, plan: plan(), rehearsedMs: null }));
    expect(text).toContain('--sign KEY');
    expect(text).toContain('by anyone');
  });
});
