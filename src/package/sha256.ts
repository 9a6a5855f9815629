import { createHash } from 'node:crypto';

/** The lower-case hexadecimal SHA-256 of some bytes, or of a text in UTF-8. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
