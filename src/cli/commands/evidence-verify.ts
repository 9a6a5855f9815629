import { resolve } from 'node:path';
import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import type { Chain } from '../../evidence/chain-file';
import { examineDocuments, examineSignatures, foundTogether } from '../../evidence/examination';
import type { Found } from '../../evidence/examination';
import { verifyEvidence } from '../../evidence/verification';
import type { EvidenceFile, KnownHead, Verification, Verified } from '../../evidence/verification';
import { auditFolder } from '../../package/audit';
import { command } from '../command';
import type { CommandContext } from '../command';
import { askLedger, keysFor } from '../evidence-grounds';
import { findEvidence, readDocumentNear, unverified } from '../evidence-place';
import type { FoundEvidence } from '../evidence-place';
import { EXIT_CODES } from '../exit-codes';
import type { ExitCode } from '../exit-codes';
import { Folder, Name, Sha256 } from '../input';
import { verificationText } from '../print/evidence-text';

const input = z.object({
  what: z.array(z.string().min(1)).default([]),
  key: z.array(z.string().min(1)).default([]),
  head: z.array(z.string().trim().toLowerCase().pipe(Sha256)).default([]), // some tools write digests in capitals
  target: Name.optional(),
  allowedSigners: z.string().min(1).optional(),
  package: Folder.optional(),
});
type Asked = z.infer<typeof input>;

const EXITS: Readonly<Record<Verification['verdict'], ExitCode>> = {
  verified: EXIT_CODES.done,
  'not verified': EXIT_CODES.notDone,
  refused: EXIT_CODES.refused,
};

/** Is it what was signed, all of it, and the one? */
export const evidenceVerify = command({
  name: 'evidence verify',
  summary: 'verify evidence, without a server: by pinned keys, up to a head',
  arguments: [['[what...]', 'id, short id, head, folders or files; the whole store when left out']],
  options: [
    [
      '--key <file...>',
      'public keys in PEM that are trusted; else those of the file in $ONE_ROOF_EVIDENCE_KEYS',
    ],
    ['--head <digest...>', 'where the chain is known to end'],
    ['--target <target>', "read the head from this target's ledger, as its reader"],
    ['--allowed-signers <file>', 'verify the SSH signatures of approvals too, in the format of OpenSSH'],
    ['--package <folder>', 'the evidence must be of exactly these bytes'],
  ],
  examples: [
    ['evidence verify 7k3f9q --key signing-key.pub.pem --target production', 'the head is in the ledger'],
    ['evidence verify export --key pinned.pem --head DIGEST', 'with nothing but a folder, a key and a head'],
  ],
  exits: {
    0: 'verified: each link holds, by pinned keys, up to a known head',
    1: 'not verified: nothing is wrong, but no key is pinned or the tail is unproven',
    2: 'there is no such evidence, or wrong usage',
    4: 'refused: something was changed; which link, and how',
  },
  input,
  run: async (context, asked) => {
    const { files, of } = await findEvidence(context, asked.what);
    if (files.length === 0) throw noEvidence(asked);
    const verification = await verified(context, { asked, files, of });
    return {
      document: documentOf(verification),
      text: verificationText(verification, context.terminal.colours),
      exit: EXITS[verification.verdict],
    };
  },
});

interface Work {
  readonly asked: Asked;
  readonly files: readonly FoundEvidence[];
  readonly of: string | null;
}

async function verified(context: CommandContext, { asked, files, of }: Work): Promise<Verification> {
  const chains = new Map(files.map((file) => [file, unverified(file)]));
  const ledger =
    asked.target === undefined ? undefined : await askLedger(context, asked.target, [...chains.values()]);
  const digest = asked.package === undefined ? undefined : await digestOfFolder(context, asked.package);
  const examined = await Promise.all(
    [...chains].map(async ([file, chain]): Promise<EvidenceFile> => {
      const found = foundTogether([
        await examineDocuments(chain, (sha256) => readDocumentNear(file, sha256)),
        await signaturesOf(context, asked, chain),
        ...(ledger === undefined ? [] : [ledger.found(chain)]),
        ...(digest === undefined ? [] : [otherPackage(chain, digest)]),
      ]);
      return { ...file, found };
    }),
  );
  const given = asked.head.map((head): KnownHead => ({ digest: head, of }));
  const keys = await keysFor(context, asked.key, files);
  return verifyEvidence(examined, { ...keys, heads: [...given, ...(ledger?.heads ?? [])] });
}

async function signaturesOf(
  context: CommandContext,
  { allowedSigners }: Asked,
  chain: Chain,
): Promise<Found> {
  if (allowedSigners === undefined) return { faults: [], notes: unlooked(chain) };
  return examineSignatures(chain, resolve(context.folder, allowedSigners), {
    environment: { PATH: context.environment['PATH'] },
    signal: context.interruption(),
  });
}

/** Without allowed signers a signature is only known to be of that statement. */
function unlooked({ links }: Chain): readonly string[] {
  const some = links.some(({ statement }) => statement?.predicate.link.kind === 'approval');
  return some ? ['the SSH signatures of approvals were not verified: no --allowed-signers'] : [];
}

/** @throws MANIFEST_MISMATCH where the folder is not what its own manifest says */
async function digestOfFolder({ folder }: CommandContext, given: string): Promise<string> {
  const { ok, digest, findings } = await auditFolder(resolve(folder, given));
  if (ok && digest !== null) return digest;
  const problems = findings.map(({ path, message }) => `${path} ${message}`);
  throw new ReleaseError('MANIFEST_MISMATCH', problems.join('; '), { details: { findings } });
}

function otherPackage({ outcome }: Chain, digest: string): Found {
  if (outcome === null || outcome.package.digest === digest) return { faults: [], notes: [] };
  const says = `it is of package ${outcome.package.digest}, and the folder holds ${digest}`;
  return { faults: [{ link: null, fault: 'subject', says }], notes: [] };
}

function noEvidence({ key }: Asked): ReleaseError {
  return new ReleaseError('REFERENCE_UNKNOWN', 'there is no evidence to verify', {
    hint:
      key.length > 1
        ? 'Everything behind `--key` was taken for keys: name the evidence before it.'
        : '`one-roof evidence list` shows what there is.',
  });
}

function documentOf({ verdict, files, faults }: Verification) {
  return { kind: 'evidence verification', verdict, evidence: files.map(fileOf), faults };
}

function fileOf({ file, chain, verdict, tail, faults, unproven, notes }: Verified) {
  const { id, head, form, outcome, links } = chain;
  return {
    ...{ file, id, kind: outcome?.kind ?? null, outcome: outcome?.outcome ?? null, form, head },
    ...{ verdict, tail, brokenLink: faults[0]?.link ?? null, faults, unproven, notes },
    links: links.map(({ place, digest, keyId, statement }) => ({
      link: place,
      kind: statement?.predicate.link.kind ?? null,
      at: statement?.predicate.at ?? null,
      digest,
      keyId,
    })),
  };
}
