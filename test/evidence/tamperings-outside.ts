import {
  approval,
  OURS,
  REHEARSAL,
  REHEARSAL_OUTCOME,
  RELEASE,
  THEIRS,
  holding,
  made,
  rechained,
  sampleRelease,
  signed,
  statementIn,
} from './chain-sample';

import {
  flipped,
  on,
  whole,
  renamed,
  forgedBy,
  moved,
  text,
  payload,
  field,
  inField,
  looser,
} from './tampering-tools';
import type { Tampering } from './tampering-tools';

const { lines } = RELEASE;
const OTHER = made(
  sampleRelease({ id: 'release-one-roof-governance-aaaaaa', approvals: [], acts: [] }),
  OURS,
);

/** The same release, signed once more with another word in it, as a worker that died might have done. */
const AGAIN = made(
  sampleRelease({ approvals: [approval('lead-b', 3, { reason: 'read' }), approval('dba-a', 4)] }),
  OURS,
  REHEARSAL_OUTCOME,
);

/** By whoever may write the folder, and has no key of ours. */
export const BY_AN_OUTSIDER: Readonly<Record<string, Tampering>> = {
  'a changed payload': on(
    4,
    (line) => payload(line, (text) => text.replace('lead-b', 'lead-x')),
    'signature',
  ),
  'a changed payload of the first link': on(
    1,
    (line) => payload(line, (text) => text.replace('audit', 'AUDIT')),
    'signature',
  ),
  'a changed outcome in the last link': on(
    7,
    (line) => payload(line, (text) => text.replace('rolled back', 'released')),
    'signature',
  ),
  'a changed signature': on(3, (line) => field(line, 'sig', flipped), 'signature'),
  'a signature of zeros': on(
    3,
    (line) => field(line, 'sig', () => Buffer.alloc(64).toString('base64')),
    'signature',
  ),
  'an empty signature': on(3, (line) => field(line, 'sig', () => ''), 'signature'),
  'the signature of another link': on(
    4,
    (line) => field(line, 'sig', () => inField(lines[4] ?? '', 'sig')),
    'signature',
  ),
  'no signature': on(2, (line) => line.replace(/"signatures":\[.*\]/, '"signatures":[]'), 'signature'),
  'two signatures': on(
    2,
    (line) => line.replace(/"signatures":\[(.*)\]/, '"signatures":[$1,$1]'),
    'signature',
  ),
  'another key id': on(5, (line) => field(line, 'keyid', () => THEIRS.keyId), 'key'),
  'a link signed by another key': on(5, (line) => signed(statementIn(line), THEIRS), 'key'),
  'another key for the whole chain': { ...whole(rechained((all) => all, THEIRS).lines, 1, 'key') },
  'another payload type': on(
    2,
    (line) => line.replace('application/vnd.in-toto+json', 'application/json'),
    'payload type',
  ),
  'a cut tail': whole(lines.slice(0, -1), 6, 'tail'),
  'a tail cut by several links': whole(lines.slice(0, 3), 3, 'tail'),
  'all but the first link cut': whole(lines.slice(0, 1), 1, 'tail'),
  'a cut first link': whole(lines.slice(1), 1, 'missing before'),
  'a cut middle': whole(
    lines.filter((_, index) => index !== 3),
    4,
    'missing before',
  ),
  'a cut middle of several links': whole([...lines.slice(0, 2), ...lines.slice(5)], 3, 'missing before'),
  'two links in another order': whole(moved([0, 1, 3, 2, 4, 5, 6]), 3, 'missing before'),
  'the outcome moved to the top': whole(moved([6, 0, 1, 2, 3, 4, 5]), 1, 'missing before'),
  'all links in reverse': whole([...lines].reverse(), 1, 'missing before'),
  'a link twice': whole([...lines.slice(0, 4), lines[3] ?? '', ...lines.slice(4)], 5, 'repeated'),
  'the outcome twice': whole([...lines, lines[6] ?? ''], 8, 'repeated'),
  'a link of another release inserted': whole(
    [...lines.slice(0, 3), OTHER.lines[2] ?? '', ...lines.slice(3)],
    4,
    'another chain',
  ),
  'a link of another release in place of one': on(2, () => OTHER.lines[1] ?? '', 'another chain'),
  'a link of its rehearsal in place of one': on(1, () => REHEARSAL.lines[0] ?? '', 'another chain'),
  'a link of another chain of the same release in place of one': on(
    4,
    () => AGAIN.lines[3] ?? '',
    'does not follow',
    5,
  ),
  'the end of another chain of the same release': whole(
    [...lines.slice(0, 4), ...AGAIN.lines.slice(4)],
    5,
    'does not follow',
  ),
  'the outcome of another release at its end': whole(
    [...lines.slice(0, 6), OTHER.lines.at(-1) ?? ''],
    7,
    'another chain',
  ),
  'a link inserted that another key signed': whole(
    [...lines.slice(0, 4), forgedBy('dba-b'), ...lines.slice(4)],
    5,
    'key',
  ),
  'another chain of the same release': {
    file: made(sampleRelease({ outcome: 'released' }), OURS, REHEARSAL_OUTCOME).file,
    link: 7,
    fault: 'head',
  },
  'the evidence of another release': { file: OTHER.file, link: 5, fault: 'head' },
  'its rehearsal under its name': {
    file: { ...REHEARSAL.file, name: RELEASE.file.name },
    link: null,
    fault: 'name',
  },
  'a file renamed to another release': renamed(({ name }) => name.replace('osmxz2', 'aaaaaa')),
  'a file renamed to another package': renamed(({ name }) => name.replace(/^.{16}/, 'f'.repeat(16))),
  'a file renamed to another head': renamed(({ name }) =>
    name.replace(/\.[0-9a-f]{64}\./, `.${'0'.repeat(64)}.`),
  ),
  'a file renamed to nothing': renamed(() => 'evidence.jsonl'),
  'bytes behind the last line': { file: holding(`${text()}{}`), link: 7, fault: 'form' },
  'an empty line behind the last': { file: holding(`${text()}\n`), link: 8, fault: 'form' },
  'an empty line in the middle': { file: holding(text().replace('\n', '\n\n')), link: 2, fault: 'form' },
  'no line feed at the end': { file: holding(text().trimEnd()), link: 6, fault: 'form' },
  'line ends of Windows': { file: holding(text().replaceAll('\n', '\r\n')), link: 1, fault: 'form' },
  'a byte order mark': { file: holding(`\uFEFF${text()}`), link: 1, fault: 'form' },
  'bytes that are no UTF-8': {
    file: { ...RELEASE.file, bytes: Buffer.concat([RELEASE.file.bytes, Buffer.from([0xff, 0x0a])]) },
    link: null,
    fault: 'form',
  },
  'an empty file': { file: holding(''), link: null, fault: 'form' },
  'base64 with a space': on(
    3,
    (line) => field(line, 'payload', (value) => `${value.slice(0, 8)} ${value.slice(8)}`),
    'form',
  ),
  'base64 of the other alphabet': on(
    3,
    (line) => field(line, 'sig', (value) => `-${value.slice(1)}`),
    'signature',
  ),
  'base64 with bits that mean nothing': on(
    3,
    (line) =>
      field(line, 'sig', (value) => value.replace(/(.)==$/, (_, last: string) => `${looser(last)}==`)),
    'signature',
  ),
  'base64 without its padding': on(
    3,
    (line) => field(line, 'sig', (value) => value.replace('==', '')),
    'signature',
  ),
  'a key twice in the envelope': on(
    3,
    (line) => line.replace('{"payload"', '{"payload":"e30=","payload"'),
    'form',
  ),
  'another key in the envelope': on(3, (line) => line.replace(/}$/, ',"note":"read me"}'), 'form'),
  'spaces in the envelope': on(3, (line) => line.replace('":', '": '), 'form'),
  'a key twice in the payload': on(
    4,
    (line) => payload(line, (json) => json.replace('{"_type"', '{"_type":"x","_type"')),
    'signature',
  ),
};
