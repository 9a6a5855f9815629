import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ReleaseError } from '../core/rules/release-error';
import type { Envelope } from '../core/schema/evidence';
import { Statement } from '../core/schema/evidence';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Signs evidence with Ed25519; the key id is the SHA-256 of the public key. */
export interface Signer {
  readonly keyId: string;
  sign(statement: Statement): Envelope;
  /** @throws EVIDENCE_INVALID where the envelope was changed or bears no signature of this key. */
  open(envelope: Envelope): Statement;
}

/** A signer of a private key in PEM (PKCS #8). */
export function signerOf(pem: string): Signer {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const keyId = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return {
    keyId,
    sign: (statement) => {
      const payload = Buffer.from(JSON.stringify(statement));
      const signature = sign(null, preAuthentication(payload), privateKey).toString('base64');
      return {
        payloadType: PAYLOAD_TYPE,
        payload: payload.toString('base64'),
        signatures: [{ keyid: keyId, sig: signature }],
      };
    },
    open: (envelope) => openEnvelope(envelope, { keyId, publicKey }),
  };
}

/** A new private key, in PEM. */
export function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function openEnvelope(envelope: Envelope, key: { keyId: string; publicKey: KeyObject }): Statement {
  const payload = Buffer.from(envelope.payload, 'base64');
  const mine = envelope.signatures.find((signature) => signature.keyid === key.keyId);
  const holds =
    mine !== undefined &&
    verify(null, preAuthentication(payload), key.publicKey, Buffer.from(mine.sig, 'base64'));
  if (!holds)
    throw new ReleaseError(
      'EVIDENCE_INVALID',
      `no valid signature of key ${key.keyId.slice(0, 12)}… stands under the evidence`,
    );
  return Statement.parse(JSON.parse(payload.toString('utf8')));
}

/** DSSE's pre-authentication encoding: what is signed is the type as well as the bytes. Source: DSSE v1 protocol. */
function preAuthentication(payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ]);
}
