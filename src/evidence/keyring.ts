import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ReleaseError } from '../core/rules/release-error';

/** Public keys that are trusted, by their id. */
export type Keyring = ReadonlyMap<string, KeyObject>;

const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

/** The SHA-256 of a public key: its SubjectPublicKeyInfo in DER. */
export function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/**
 * The keys of a file in PEM, one or several one after another. A private key is refused: whoever only verifies needs none.
 * @throws CONFIG_INVALID where there is none, or one of another kind than Ed25519
 */
export function keyringOf(pem: string, name: string): Keyring {
  const isSecret = pem.includes('PRIVATE KEY');
  const keys = isSecret ? [] : (pem.match(PUBLIC_KEY) ?? []).map((block) => publicKey(block, name));
  if (keys.length > 0) return new Map(keys.map((key) => [keyIdOf(key), key]));
  const why = isSecret ? 'a private key, which only the workers need' : 'no public key in PEM';
  throw new ReleaseError('CONFIG_INVALID', `${name} holds ${why}`, { hint: PUBLIC_KEYS });
}

/** The public half of a private key. */
export function keyringOfPrivate(pem: string): Keyring {
  const key = createPublicKey(createPrivateKey(pem));
  return new Map([[keyIdOf(key), key]]);
}

/** Keyrings together. */
export function together(keyrings: readonly Keyring[]): Keyring {
  return new Map(keyrings.flatMap((each) => [...each]));
}

const PUBLIC_KEYS = 'Give the public key of the workers: `signing-key.pub.pem` beside their private one.';

function publicKey(pem: string, name: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new ReleaseError('CONFIG_INVALID', `a key in ${name} cannot be read`, { hint: PUBLIC_KEYS, cause });
  }
  throw new ReleaseError('CONFIG_INVALID', `a key in ${name} is no Ed25519 key`, { hint: PUBLIC_KEYS });
}
