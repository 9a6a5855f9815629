import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { LinkFacts } from '../core/rules/evidence-links';
import type { Outcome } from '../core/schema/evidence';
import type { Unread } from './bounded-file';
import { chainText, readChain } from './chain-file';
import { folderFiles } from './evidence-files';
import type { EvidenceFiles } from './evidence-files';
import { nameFaults, nameOfEvidence, parseEvidenceName } from './evidence-name';
import type { EvidenceName } from './evidence-name';
import type { Keyring } from './keyring';
import { openSigner, trustedKeys } from './signing-key';

/** Evidence as kept: its head, and the outcome that it states. */
export interface KeptEvidence {
  readonly digest: string;
  readonly outcome: Outcome;
}

/** Where evidence is kept, a file a chain, found by workflow and by package. */
export interface EvidenceStore {
  /** Signs and keeps the chain of an outcome, all of it at once; the same outcome again changes nothing. @returns its head */
  put(outcome: Outcome, facts?: LinkFacts): Promise<string>;
  /** The latest to end comes last. @throws EVIDENCE_INVALID where anything of it was changed */
  ofWorkflow(id: string): Promise<readonly KeptEvidence[]>;
  /** The same. */
  ofPackage(digest: string): Promise<readonly KeptEvidence[]>;
  /** The one with this head, whatever lies beside it; undefined where there is none. @throws EVIDENCE_INVALID */
  withHead(head: string): Promise<KeptEvidence | undefined>;
}

const NO_FACTS: LinkFacts = { manifest: null, rehearsal: null };

/** A folder of signed chains. The key is made at the first use where none is given. */
export function evidenceFolder(root: string, keyFile = join(root, 'signing-key.pem')): EvidenceStore {
  return evidenceStore(folderFiles(join(root, 'evidence')), keyFile);
}

/** The same on any files. */
export function evidenceStore(files: EvidenceFiles, keyFile: string): EvidenceStore {
  const read = async (matches: (name: EvidenceName) => boolean): Promise<readonly KeptEvidence[]> => {
    const names = (await files.names()).flatMap((file) => {
      const name = parseEvidenceName(file);
      return name !== undefined && matches(name) ? [file] : [];
    });
    if (names.length === 0) return [];
    const keys = await trustedKeys(keyFile);
    const kept = await Promise.all(
      names.map(async (name) => believed(await files.read(name), { name, keys })),
    );
    return kept.sort((one, other) => one.outcome.endedAt.localeCompare(other.outcome.endedAt));
  };
  return {
    put: async (outcome, facts = NO_FACTS) => {
      const { text, head } = chainText(outcome, facts, await openSigner(keyFile));
      await files.write(nameOfEvidence(outcome, head), text);
      return head;
    },
    ofWorkflow: (id) => read((name) => name.id === id),
    ofPackage: (digest) => read((name) => name.package === digest.slice(0, 16)),
    withHead: async (head) => (await read((name) => name.head === head))[0],
  };
}

function believed(
  bytes: Buffer | Unread,
  { name, keys }: { readonly name: string; readonly keys: Keyring },
): KeptEvidence {
  const chain = readChain(bytes, keys);
  const { outcome, head } = chain;
  const [first] = [...chain.faults, ...(nameFaults(chain, name) ?? [])];
  if (first === undefined && outcome !== null) return { digest: head, outcome };
  const where = first?.link === null || first === undefined ? '' : `, link ${first.link}`;
  throw new ReleaseError('EVIDENCE_INVALID', `${name}${where}: ${first?.says ?? 'it states no outcome'}`);
}
