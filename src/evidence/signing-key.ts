import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newKey, signerOf } from './envelope';
import type { Signer } from './envelope';
import { keyringOf, keyringOfPrivate } from './keyring';
import type { Keyring } from './keyring';

/** The file of the public key: beside the private one, `signing-key.pub.pem`. */
export function publicKeyFile(keyFile: string): string {
  return keyFile.replace(/(\.pem)?$/, '.pub.pem');
}

/** The signer, with a new key where there is none yet: only who signs makes one. Its public half is published beside it. */
export async function openSigner(keyFile: string): Promise<Signer> {
  const there = await readFile(keyFile, 'utf8').catch(() => undefined);
  const signer = signerOf(there ?? (await makeKey(keyFile)));
  await publish(keyFile, signer.publicKey);
  return signer;
}

/**
 * The keys that evidence of this store is believed by: the public half of the workers' own key. Where that cannot be read, the
 * published one is enough, for verifying needs no secret.
 */
export async function trustedKeys(keyFile: string): Promise<Keyring> {
  const secret = await readFile(keyFile, 'utf8').catch(() => undefined);
  if (secret !== undefined) return keyringOfPrivate(secret);
  const file = publicKeyFile(keyFile);
  const published = await readFile(file, 'utf8').catch(() => undefined);
  return published === undefined
    ? keyringOfPrivate(await readFile(keyFile, 'utf8'))
    : keyringOf(published, file);
}

async function makeKey(keyFile: string): Promise<string> {
  await mkdir(dirname(keyFile), { recursive: true });
  await writeFile(keyFile, newKey(), { mode: 0o600, flag: 'wx' }).catch(() => undefined); // another worker was first: its key is read below
  return readFile(keyFile, 'utf8');
}

/** Where the folder of the key is not to be written the administrator publishes it: signing needs no public key. */
async function publish(keyFile: string, publicKey: string): Promise<void> {
  const file = publicKeyFile(keyFile);
  if ((await readFile(file, 'utf8').catch(() => undefined)) === publicKey) return;
  const beside = `${file}.${process.pid}`;
  try {
    await writeFile(beside, publicKey, { mode: 0o644 });
    await rename(beside, file);
  } catch {
    // said above
  }
}
