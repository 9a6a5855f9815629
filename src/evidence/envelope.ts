import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import { canonicalJson } from '../core/rules/canonical-json';
import type { ChainFault } from '../core/rules/chain-order';
import { shortened } from '../core/rules/chain-order';
import { Envelope } from '../core/schema/evidence';
import { keyIdOf } from './keyring';
import type { Keyring } from './keyring';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const SIGNATURE_BYTES = 64;

/** Signs evidence with Ed25519; the key id is the SHA-256 of the public key. */
export interface Signer {
  readonly keyId: string;
  /** The public key in PEM, for whoever verifies. */
  readonly publicKey: string;
  sign(payload: string): Envelope;
}

/** A signer of a private key in PEM (PKCS #8). */
export function signerOf(pem: string): Signer {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  return {
    keyId,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (payload) => {
      const bytes = Buffer.from(payload);
      const signature = sign(null, preAuthentication(bytes), privateKey).toString('base64');
      return {
        payloadType: PAYLOAD_TYPE,
        payload: bytes.toString('base64'),
        signatures: [{ keyid: keyId, sig: signature }],
      };
    },
  };
}

/** A new private key, in PEM. */
export function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Why an envelope does not hold. */
export type Flaw = Omit<ChainFault, 'link'>;

/** An envelope as far as it could be opened: what it holds, and every reason not to believe it. */
export interface Opened {
  readonly keyId: string | null;
  /** The JSON of the payload, one value with one text; undefined where it is none. */
  readonly value: unknown;
  readonly flaws: readonly Flaw[];
}

/** How JSON is written: whatever stands there in another form could be read as something else by others. */
export interface Form {
  readonly envelope: (value: unknown) => string;
  readonly payload: (value: unknown) => string;
}

/** A link of a chain. */
export const LINK_FORM: Form = { envelope: canonicalJson, payload: canonicalJson };

/** A file of one envelope, as One-Roof wrote evidence before there were chains. */
export const SINGLE_FORM: Form = {
  envelope: (value) => `${JSON.stringify(value, null, 2)}\n`,
  payload: (value) => JSON.stringify(value),
};

/**
 * Opens an envelope: exactly one signature, of a key of the ring, over exactly these bytes, and no second way to write any of
 * it. It never throws: what is wrong is data.
 */
export function openEnvelope(text: string, keyring: Keyring, form: Form): Opened {
  const envelope = Envelope.strict().safeParse(jsonOf(text));
  if (!envelope.success) return unread('it is no DSSE envelope');
  if (form.envelope(envelope.data) !== text)
    return unread(
      'its envelope is not written as One-Roof writes it: a key twice, another order, spaces, or more behind it',
    );
  const { payload, payloadType } = envelope.data;
  const bytes = Buffer.from(payload, 'base64');
  if (bytes.toString('base64') !== payload) return unread('its payload is no proper base64');
  const { keyId, flaws } = signatureFlaws(envelope.data, bytes, keyring);
  const value = jsonOf(bytes.toString('utf8'));
  const isPlain = value !== undefined && writtenAs(form, value)?.equals(bytes) === true;
  return {
    keyId,
    value: isPlain ? value : undefined,
    flaws: [
      ...(payloadType === PAYLOAD_TYPE
        ? []
        : [flaw('payload type', `its payload calls itself ${payloadType}`)]),
      ...flaws,
      ...(isPlain
        ? []
        : [flaw('form', 'its payload is no JSON as One-Roof writes it: one text for one value')]),
    ],
  };
}

function signatureFlaws(
  { signatures, payloadType }: Envelope,
  payload: Buffer,
  keyring: Keyring,
): { readonly keyId: string | null; readonly flaws: readonly Flaw[] } {
  const [only] = signatures;
  if (only === undefined || signatures.length > 1)
    return {
      keyId: null,
      flaws: [flaw('signature', `it bears ${signatures.length} signatures instead of one`)],
    };
  const { keyid: keyId, sig } = only;
  const key = keyring.get(keyId);
  const signature = Buffer.from(sig, 'base64');
  if (signature.toString('base64') !== sig || signature.length !== SIGNATURE_BYTES)
    return { keyId, flaws: [flaw('signature', 'its signature is no proper base64 of 64 bytes')] };
  if (key === undefined)
    return { keyId, flaws: [flaw('key', `it is signed by key ${shortened(keyId)}, which is not trusted`)] };
  return verify(null, preAuthentication(payload, payloadType), key, signature)
    ? { keyId, flaws: [] }
    : {
        keyId,
        flaws: [
          flaw(
            'signature',
            `the signature of key ${shortened(keyId)} does not fit it: one of the two was changed`,
          ),
        ],
      };
}

/** DSSE's pre-authentication encoding: what is signed is the type as well as the bytes. Source: DSSE v1 protocol. */
export function preAuthentication(payload: Buffer, type = PAYLOAD_TYPE): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `),
    payload,
  ]);
}

/** The digest by which a link, or a file of evidence, is named. */
export function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** undefined: nested so deep that nobody could write it again. */
function writtenAs(form: Form, value: unknown): Buffer | undefined {
  try {
    return Buffer.from(form.payload(value));
  } catch {
    return undefined; // it is said to be none of ours
  }
}

function unread(says: string): Opened {
  return { keyId: null, value: undefined, flaws: [flaw('form', says)] };
}

function flaw(fault: ChainFault['fault'], says: string): Flaw {
  return { fault, says };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // it is said to be no envelope
  }
}
