import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import type { Chain } from '../../evidence/chain-file';
import { parseEvidenceName } from '../../evidence/evidence-name';
import { command } from '../command';
import { EXIT_CODES } from '../exit-codes';
import { findEvidence, unverified } from '../evidence-place';
import type { FoundEvidence } from '../evidence-place';
import { chainShown, plain } from '../print/evidence-text';
import { table } from '../print/table';

const NOT_VERIFIED = 'Nothing was verified: `one-roof evidence verify` does that.';

/** What evidence there is. */
export const evidenceList = command({
  name: 'evidence list',
  summary: 'what evidence the store or a folder has; nothing is verified',
  arguments: [
    ['[folder]', 'a store, a folder of evidence or an export; the store that is known here when left out'],
  ],
  options: [],
  examples: [['evidence list', 'ids, how they ended, heads']],
  exits: { 0: 'told' },
  input: z.object({ folder: z.string().min(1).optional() }),
  run: async (context, { folder }) => {
    const { files } = await findEvidence(context, folder === undefined ? [] : [folder]);
    const evidence = files.map((file) => listed(file, unverified(file)));
    const rows = evidence.map(({ id, kind, outcome, endedAt, links, head }) => [
      ...[plain(id), kind ?? '', outcome ?? 'cannot be read', plain(endedAt ?? '')],
      ...[String(links), head],
    ]);
    const heads = ['id', 'kind', 'outcome', 'ended', 'links', 'head'].map((head) => ({ head }));
    const text = rows.length === 0 ? 'there is no evidence' : `${table(heads, rows)}\n\n${NOT_VERIFIED}`;
    return { document: { kind: 'evidence list', evidence }, text, exit: EXIT_CODES.done };
  },
});

function listed({ name }: FoundEvidence, { id, head, links, outcome, form }: Chain) {
  return {
    file: name,
    id: id === '' ? (parseEvidenceName(name)?.id ?? '') : id,
    kind: outcome?.kind ?? null,
    outcome: outcome?.outcome ?? null,
    package: outcome?.package ?? null,
    endedAt: outcome?.endedAt ?? null,
    form,
    links: links.length,
    head,
  };
}

/** What evidence says. */
export const evidenceShow = command({
  name: 'evidence show',
  summary: 'what each link of the evidence says; nothing is verified',
  arguments: [['<what>', 'id, short id, the beginning of a head, or a file']],
  options: [],
  examples: [
    ['evidence show 7k3f9q', 'a line a link'],
    ['evidence show 7k3f9q --json', 'the whole statements'],
  ],
  exits: { 0: 'told', 2: 'there is no such evidence, or wrong usage' },
  input: z.object({ what: z.string().min(1) }),
  run: async (context, { what }) => {
    const { files, of } = await findEvidence(context, [what]);
    const chains = files.map(unverified).filter(({ id }) => of === null || id === of || id === '');
    const [first] = chains;
    if (first === undefined) throw new ReleaseError('REFERENCE_UNKNOWN', `${what} holds no evidence`);
    const text = [...chains.map(chainShown), NOT_VERIFIED].join('\n\n');
    return {
      document: { kind: 'evidence', chains: chains.map(shown) },
      text,
      exit: EXIT_CODES.done,
    };
  },
});

function shown({ id, head, form, links, outcome }: Chain) {
  return {
    id,
    head,
    form,
    links: links.map(({ place, digest, keyId, statement }) => ({ link: place, digest, keyId, statement })),
    ...(form === 'single' ? { outcome } : {}),
  };
}
