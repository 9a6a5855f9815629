import type { ListedWorkflow } from '../../src/client/listing';
import { chooseWorkflow, verifyMayBeLatest } from '../../src/client/reference';

const ALL = ['release', 'rehearsal'] as const;
const WORKFLOWS = [
  workflow('release-shop-bbbbbb', 'release'),
  workflow('rehearsal-shop-aaaaaa', 'rehearsal'),
  workflow('release-shop-aaaaaa', 'release'),
];

describe('a reference', () => {
  it('may be a whole id', () => {
    expect(chooseWorkflow('release-shop-aaaaaa', ALL, WORKFLOWS).id).toBe('release-shop-aaaaaa');
  });

  it('may be a short id, where one workflow has it', () => {
    expect(chooseWorkflow('bbbbbb', ALL, WORKFLOWS).id).toBe('release-shop-bbbbbb');
  });

  it('means only what the command is for', () => {
    expect(chooseWorkflow('aaaaaa', ['release'], WORKFLOWS).id).toBe('release-shop-aaaaaa');
    expect(chooseWorkflow('latest', ['rehearsal'], WORKFLOWS).id).toBe('rehearsal-shop-aaaaaa');
  });

  it('`latest` is what somebody has started, not a rehearsal that an evaluation has', () => {
    const evaluation = workflow('evaluation-shop-cccccc', 'evaluation');
    const part = { ...workflow('rehearsal-shop-cccccc1', 'rehearsal'), partOf: evaluation.id };
    const kinds = [...ALL, 'evaluation'] as const;
    expect(chooseWorkflow('latest', kinds, [part, evaluation]).id).toBe(evaluation.id);
    expect(chooseWorkflow('cccccc1', kinds, [part, evaluation]).id).toBe(part.id);
  });

  it('that stands for two is refused, and both are named', () => {
    expect(() => chooseWorkflow('aaaaaa', ALL, WORKFLOWS)).toThrow(
      'aaaaaa stands for rehearsal-shop-aaaaaa and release-shop-aaaaaa',
    );
  });

  it('that stands for none is refused, and the newest are named', () => {
    expect(() => chooseWorkflow('cccccc', ALL, WORKFLOWS)).toThrow(
      'there is no release or rehearsal cccccc; the newest are release-shop-bbbbbb',
    );
  });

  it('`latest` is for reading alone', () => {
    expect(() => verifyMayBeLatest('latest', 'read')).not.toThrow();
    expect(() => verifyMayBeLatest('latest', 'write')).toThrow('what writes must name what it means');
  });
});

function workflow(id: string, kind: ListedWorkflow['kind']): ListedWorkflow {
  return {
    id,
    kind,
    state: 'running',
    package: 'shop',
    version: '1',
    digest: null,
    scope: 'full',
    target: 'production',
    requester: null,
    partOf: null,
    recovers: null,
    rollsBack: null,
    stage: null,
    gate: null,
    startedAt: '2026-06-03T10:00:00.000Z',
    endedAt: null,
  };
}
