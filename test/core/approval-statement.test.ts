import {
  packSigned,
  readSigned,
  statementFault,
  statementText,
} from '../../src/core/rules/approval-statement';
import type { Expected } from '../../src/core/rules/approval-statement';
import { ApprovalStatement } from '../../src/core/schema/act';
import { approval } from './sample';

const NOW = Date.parse('2026-06-03T12:00:00.000Z');
const STATEMENT = ApprovalStatement.strip().parse({ ...approval('dba-a'), at: '2026-06-03T11:00:00.000Z' });
const EXPECTED: Expected = withoutTime(STATEMENT);
const CLOCK = { now: NOW, validForMs: 7_200_000 };

function faultOf(text: string, clock = CLOCK): string | undefined {
  const signed = readSigned(packSigned(text, 'a signature'));
  return signed === undefined ? 'not read' : statementFault(signed, EXPECTED, clock);
}

describe('the statement that an approver signs', () => {
  it('is one text, whatever the order of its parts', () => {
    const turned = Object.fromEntries(Object.entries(STATEMENT).reverse());
    expect(statementText(STATEMENT)).toBe(statementText({ ...STATEMENT, ...turned }));
    expect(faultOf(statementText(STATEMENT))).toBeUndefined();
  });

  it.each(Object.keys(EXPECTED))('counts for no other %s', (field) => {
    const other = { ...STATEMENT, [field]: 'something else' };
    expect(faultOf(statementText(other))).toContain(`the signed statement says ${field} `);
  });

  it.each([
    ['not as canonical JSON', JSON.stringify(STATEMENT, null, 2), 'not in its canonical form'],
    [
      'with more than it may say',
      `${JSON.stringify({ ...STATEMENT, more: 1 })}\n`,
      'not in its canonical form',
    ],
    ['without a time', statementText({ ...STATEMENT, at: 'noon' }), 'bears no time'],
    ['in the future', statementText({ ...STATEMENT, at: '2026-06-03T12:05:01.000Z' }), 'in the future'],
    ['too long ago', statementText({ ...STATEMENT, at: '2026-06-03T10:00:00.000Z' }), 'has expired'],
    ['as no JSON at all', 'yes', 'not read'],
  ])('counts for nothing when it was signed %s', (_name, text, fault) => {
    expect(faultOf(text)).toContain(fault);
  });
});

function withoutTime(statement: ApprovalStatement): Expected {
  const copy: Partial<ApprovalStatement> & Expected = { ...statement };
  delete copy.at;
  return copy;
}
