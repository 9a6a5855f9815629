import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { Statement } from '../core/schema/evidence';
import { Envelope } from '../core/schema/evidence';
import type { RehearsalOutcome, ReleaseOutcome } from '../core/schema/outcome';
import { newKey, signerOf } from './envelope';
import type { Signer } from './envelope';

type Outcome = RehearsalOutcome | ReleaseOutcome;

/** Evidence as kept: the digest of its envelope, and the outcome that it states. */
export interface KeptEvidence {
  readonly digest: string;
  readonly outcome: Outcome;
}

/** Where evidence is kept; files are named `<workflow id>.<digest>.json`, so that an id finds its own. */
export interface EvidenceStore {
  put(outcome: Outcome): Promise<string>;
  ofWorkflow(id: string): Promise<readonly KeptEvidence[]>;
  ofPackage(digest: string): Promise<readonly KeptEvidence[]>;
}

/** A folder of signed envelopes. The key is made at the first use where none is given. */
export function evidenceFolder(root: string, keyFile = join(root, 'signing-key.pem')): EvidenceStore {
  const folder = join(root, 'evidence');
  const read = async (matches: (name: string) => boolean): Promise<readonly KeptEvidence[]> => {
    const names = (await readdir(folder).catch(() => []))
      .filter((name) => name.endsWith('.json') && matches(name))
      .sort();
    if (names.length === 0) return [];
    const signer = signerOf(await readFile(keyFile, 'utf8'));
    return Promise.all(names.map((name) => readKept(join(folder, name), signer)));
  };
  return {
    put: async (outcome) => {
      const envelope = (await openSigner(keyFile)).sign(statementOf(outcome));
      const text = `${JSON.stringify(envelope, null, 2)}\n`;
      const digest = createHash('sha256').update(text).digest('hex');
      await writeWhole(folder, `${outcome.package.digest.slice(0, 16)}.${outcome.id}.${digest}.json`, text);
      return digest;
    },
    ofWorkflow: (id) => read((name) => name.split('.').slice(1, -2).join('.') === id),
    ofPackage: (digest) => read((name) => name.startsWith(`${digest.slice(0, 16)}.`)),
  };
}

function statementOf(outcome: Outcome): Statement {
  const { name, digest } = outcome.package;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256: digest } }],
    predicateType: `https://one-roof.invalid/${outcome.kind}/v1`,
    predicate: outcome,
  };
}

async function readKept(path: string, signer: Signer): Promise<KeptEvidence> {
  const text = await readFile(path, 'utf8');
  const statement = signer.open(Envelope.parse(JSON.parse(text)));
  return { digest: createHash('sha256').update(text).digest('hex'), outcome: statement.predicate };
}

/** Never a half-written file: written beside, then renamed. */
async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const beside = join(folder, `.${name}.${process.pid}`);
    await writeFile(beside, text);
    await rename(beside, join(folder, name));
  } catch (cause) {
    throw new ReleaseError('STORE_FAILED', `evidence cannot be written to ${folder}`, { cause });
  }
}

/** The signer, with a new key where there is none yet: only who signs makes one. */
async function openSigner(keyFile: string): Promise<Signer> {
  const there = await readFile(keyFile, 'utf8').catch(() => undefined);
  if (there !== undefined) return signerOf(there);
  await mkdir(join(keyFile, '..'), { recursive: true });
  await writeFile(keyFile, newKey(), { mode: 0o600, flag: 'wx' }).catch(() => undefined); // another worker was first: its key is read below
  return signerOf(await readFile(keyFile, 'utf8'));
}
