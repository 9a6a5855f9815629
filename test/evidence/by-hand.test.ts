import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OURS, RELEASE, sampleRelease } from './chain-sample';

/**
 * What docs/evidence.md does with `sha256sum`, `jq` and `openssl`, step by step with Node.js alone: nothing of One-Roof is used
 * to verify, so that the format is what the document says, and not what the code happens to do.
 */
const DOCUMENT = readFileSync(join(__dirname, '..', '..', 'docs', 'evidence.md'), 'utf8');
const LINES = RELEASE.file.bytes.toString('utf8').split('\n').slice(0, -1);
const KEY = createPublicKey(OURS.publicKey);

describe('evidence verified by hand, as the document says', () => {
  it('has links that name the digest of the line before them, and the head is that of the last', () => {
    const digests = LINES.map(sha256);
    const previous = LINES.map((line) => at(statementOf(line), 'predicate', 'chain', 'previous'));
    expect(previous).toEqual([null, ...digests.slice(0, -1)]);
    expect(digests.at(-1)).toBe(RELEASE.head);
    expect(LINES.map((line) => at(statementOf(line), 'predicate', 'chain', 'number'))).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7],
    ]);
  });

  it('bears signatures over what the document has `openssl` verify', () => {
    const [, format = ''] = /printf '(DSSEv1 [^%]*)%s '/.exec(DOCUMENT) ?? [];
    expect(format).toMatch(/^DSSEv1 28 /);
    for (const line of LINES) {
      const bytes = payloadOf(line);
      const signedBytes = Buffer.concat([Buffer.from(`${format}${bytes.length} `), bytes]);
      const signature = Buffer.from(String(at(JSON.parse(line), 'signatures', '0', 'sig')), 'base64');
      expect(verify(null, signedBytes, KEY, signature)).toBe(true);
      bytes[0] = 0;
      expect(
        verify(null, Buffer.concat([Buffer.from(`${format}${bytes.length} `), bytes]), KEY, signature),
      ).toBe(false);
    }
  });

  it('names its key by the SHA-256 of the DER', () => {
    const keyId = sha256(KEY.export({ type: 'spki', format: 'der' }));
    expect(LINES.map((line) => at(JSON.parse(line), 'signatures', '0', 'keyid'))).toEqual(
      LINES.map(() => keyId),
    );
  });

  it('holds the manifest whose SHA-256 is the digest of the package', () => {
    const manifest = at(statementOf(LINES[0] ?? ''), 'predicate', 'link', 'manifest');
    const lines = Array.isArray(manifest) ? manifest.map((line) => `${String(line)}\n`).join('') : '';
    expect(sha256(lines)).toBe(sampleRelease().package.digest);
  });
});

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function payloadOf(line: string): Buffer {
  return Buffer.from(String(at(JSON.parse(line), 'payload')), 'base64');
}

function statementOf(line: string): unknown {
  return JSON.parse(payloadOf(line).toString('utf8'));
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}
