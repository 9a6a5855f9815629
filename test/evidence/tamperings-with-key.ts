import { IDENTITY } from '../cli/outcomes';
import { OURS, REHEARSAL, REHEARSAL_OUTCOME, THEIRS, approval } from './chain-sample';

import { anew, anewFrom, referring, signedText, edited, approvedBy, single } from './tampering-tools';
import type { Tampering } from './tampering-tools';

/** By whoever holds the key as well, and signs the whole chain anew: what it says contradicts itself. */
export const WITH_THE_KEY: Readonly<Record<string, Tampering>> = {
  'an approval in the outcome that no link bears': anew(
    (all) => all.filter((_, index) => index !== 3),
    6,
    'approval',
  ),
  'an approval that is not in the outcome': anew(
    (all) => [...all.slice(0, 4), approvedBy('dba-b', all), ...all.slice(4)],
    5,
    'approval',
  ),
  'an approval by somebody else than it was': anew(
    (all) => all.map((each) => edited(each, 4, 'lead-b', 'lead-c')),
    4,
    'approval',
  ),
  'an approval of other bytes': anewFrom(
    { approvals: [approval('lead-b', 3, { digest: 'a'.repeat(64) })] },
    4,
  ),
  'an approval of another release': anewFrom(
    { approvals: [approval('lead-b', 3, { release: 'release-x' })] },
    4,
  ),
  'an approval of another scope': anewFrom({ approvals: [approval('lead-b', 3, { scope: 'option-3' })] }, 4),
  'an approval for another target': anewFrom(
    { approvals: [approval('lead-b', 3, { target: 'staging' })] },
    4,
  ),
  'an approval that says it is signed and is not': anewFrom(
    { approvals: [approval('lead-b', 3, { assurance: 'ssh' })] },
    4,
  ),
  'a signature of another statement': anewFrom(
    { approvals: [approval('dba-a', 4, { reason: 'I was told to' })] },
    4,
  ),
  'the voiding of approvals left out': anew((all) => all.filter((_, index) => index !== 2), 6, 'approval'),
  'the rollback left out': anew((all) => all.filter((_, index) => index !== 5), 6, 'contents'),
  'the audit left out': anew((all) => all.slice(1), 1, 'contents'),
  'the rehearsal left out': anew((all) => all.filter((_, index) => index !== 1), 6, 'rehearsal'),
  'another rehearsal than the outcome names': anew(
    (all) => all.map((each) => edited(each, 2, REHEARSAL.head, 'b'.repeat(64))),
    2,
    'rehearsal',
  ),
  'a rehearsal of other bytes': referring({
    package: { ...REHEARSAL_OUTCOME.package, digest: 'c'.repeat(64) },
  }),
  'a rehearsal of another scope': referring({ scope: 'option-3' }),
  'a rehearsal from another source': referring({ source: 'staging' }),
  'a rehearsal of another database of that name': referring({
    sourceIdentity: { ...IDENTITY, registration: 'd'.repeat(64) },
  }),
  'a rehearsal that failed': referring({ outcome: 'failed' }),
  'a manifest of another package': anew(
    (all) => all.map((each) => edited(each, 1, '10.sql', '11.sql')),
    1,
    'subject',
  ),
  'another subject in one link': anew(
    (all) =>
      all.map((each, index) =>
        index === 4 ? { ...each, subject: [{ name: 'x', digest: { sha256: 'd'.repeat(64) } }] } : each,
      ),
    5,
    'subject',
  ),
  'two subjects in one link': anew(
    (all) =>
      all.map((each, index) =>
        index === 4 ? { ...each, subject: [...each.subject, ...each.subject] } : each,
      ),
    5,
    'subject',
  ),
  'times that go backwards': anew(
    (all) =>
      all.map((each, index) =>
        index === 4 ? { ...each, predicate: { ...each.predicate, at: '2026-06-03T09:00:00.000Z' } } : each,
      ),
    5,
    'time',
  ),
  'a time that is none': anew(
    (all) =>
      all.map((each, index) =>
        index === 4 ? { ...each, predicate: { ...each.predicate, at: 'soon' } } : each,
      ),
    5,
    'time',
  ),
  'a version that is not known': anew(
    (all) =>
      all.map((each, index) =>
        index === 3 ? { ...each, predicateType: `${each.predicateType.slice(0, -1)}2` } : each,
      ),
    4,
    'version',
  ),
  'an outcome that is not the last': anew((all) => [...all, ...all.slice(5, 6)], 8, 'tail'),
  'a payload with a key twice': signedText(4, (json) => json.replace('{"_type"', '{"_type":"x","_type"')),
  'a payload with spaces': signedText(4, (json) => json.replace('":', '": ')),
};

/** Evidence as it was written before there were chains: one envelope in a file. */
export const SINGLE = single(OURS);
export const SINGLE_OF_ANOTHER_KEY = single(THEIRS);
