import { PACKAGE } from '../support/prepared';

/** A payload that nothing is wrong with, but who sends it. */
export const WELL_FORMED = {
  key: 'a-good-key',
  gate: 'rollout',
  digest: PACKAGE.digest,
  as: 'dba-a',
  reason: 'said so',
};

/** act, payload, the reason for which it is refused: signals that are not of their form. */
export const MALFORMED = [
  ['approve', 'text', 'the payload is no object'],
  ['approve', without('key'), 'key is missing'],
  ['approve', { ...WELL_FORMED, key: 'short' }, 'key is not of its form'],
  ['approve', without('as'), 'as is missing'],
  ['approve', { ...WELL_FORMED, as: 'DBA A' }, 'as is not of its form'],
  ['reject', without('reason'), 'reason is missing'],
  ['reject', { ...WELL_FORMED, reason: '' }, 'reason is not of its form'],
  ['openGate', without('gate'), 'gate is missing'],
  ['openGate', { ...WELL_FORMED, gate: '' }, 'gate is not of its form'],
  ['withdraw', without('digest'), 'digest is missing'],
  ['withdraw', { ...WELL_FORMED, digest: '0f3c' }, 'digest is not of its form'],
  ['approve', { ...WELL_FORMED, signed: 7 }, 'signed is no text'],
  ['decide', { ...WELL_FORMED, choice: 'release' }, 'choice is neither retry nor rollback'],
] as const;

/** Acts at a gate that a person may not do, by signal and by command line. */
export const JUDGED = [
  ['approve', { gate: 'nowhere' }, 'there is no gate nowhere'],
  ['approve', { digest: 'f'.repeat(64) }, 'wrong digest'],
  ['approve', { as: 'stranger' }, 'stranger is no approver'],
  ['approve', { as: 'lead-a' }, 'lead-a requested this release'],
  ['approve', { as: 'writer' }, 'writer wrote this package'],
  ['approve', { as: 'editor' }, 'editor was the last to edit'],
  ['approve', { as: 'dba-b' }, 'dba-b has approved gate rollout already'],
  ['reject', { as: 'stranger' }, 'stranger is no approver'],
  ['withdraw', { as: 'dba-a' }, 'dba-a has no approval of gate rollout to withdraw'],
  ['openGate', { as: 'lead-a' }, 'lead-a requested this release'],
] as const;

/** Acts of control, by command line: command, more words, reason, who. */
export const CONTROLS = [
  ['resume', [], 'the release is not paused', 'dba-a'],
  ['decide', ['retry'], 'there is nothing to decide', 'dba-a'],
  ['abort', [], 'dba-b may not abort a release of this target', 'dba-b'],
  ['close-gate', [], 'dba-b may not closeGate a release of this target', 'dba-b'],
] as const;

/** Statements that are well signed, but of something else. */
export const OTHERWISE = [
  ['release', { release: 'release-shop-other' }, 'the signed statement says release '],
  ['scope', { scope: 'option-3' }, 'the signed statement says scope '],
  ['target', { target: 'staging' }, 'the signed statement says target '],
  ['rehearsal', { rehearsal: '9'.repeat(64) }, 'the signed statement says rehearsal '],
  ['schema', { schema: '9'.repeat(64) }, 'the signed statement says schema '],
  ['decision', { decision: 'withdrawn' }, 'the signed statement says decision '],
] as const;

/** Signals whose signature is good, but of a statement that differs from what the signal says. */
export const DISAGREEING = [
  ['somebody else', { who: 'dba-b' }, 'says who '],
  ['another reason', { reason: 'another' }, 'says reason '],
  ['another gate', { gate: 'later' }, 'says gate '],
  ['another key', { key: 'another-key' }, 'says key '],
  ['no time', { at: 'noon' }, 'bears no time'],
  ['a time to come', { at: '2100-01-01T00:00:00.000Z' }, 'it was signed in the future'],
  ['a time long gone', { at: '2020-01-01T00:00:00.000Z' }, 'has expired'],
] as const;

function without(field: keyof typeof WELL_FORMED): object {
  return Object.fromEntries(Object.entries(WELL_FORMED).filter(([name]) => name !== field));
}
