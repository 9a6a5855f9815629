/** A message of PostgreSQL's protocol: its type, or how a connection begins. */
export interface Frame {
  readonly type: string;
  readonly bytes: Buffer;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

/** Cuts what a client sends into messages; a cut in the midst of one waits for the rest. */
export class ClientFrames {
  private rest = Buffer.alloc(0);
  private hasBegun = false;

  take(chunk: Buffer): readonly Frame[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.next(); frame !== undefined; frame = this.next()) frames.push(frame);
    return frames;
  }

  private next(): Frame | undefined {
    if (this.hasBegun) return this.cut(this.rest.toString('latin1', 0, 1), 1);
    const frame = this.cut('startup', 0);
    if (frame === undefined) return undefined;
    const code = frame.bytes.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { ...frame, type: 'encryption?' };
    this.hasBegun = true;
    return code === CANCEL_REQUEST ? { ...frame, type: 'cancel' } : frame;
  }

  private cut(type: string, at: number): Frame | undefined {
    if (this.rest.length < at + 4) return undefined;
    const length = at + this.rest.readInt32BE(at);
    if (this.rest.length < length) return undefined;
    const bytes = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return { type, bytes };
  }
}

/** Follows what a server sends, as far as its `ready for query`. */
export class ServerFrames {
  private rest = Buffer.alloc(0);
  private bareBytes = 0;

  /** The next byte is the answer to a wish for encryption, which is no message. */
  expectBareByte(): void {
    this.bareBytes += 1;
  }

  /** @returns whether the server has said that it is ready for the next query */
  take(chunk: Buffer): boolean {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.bareBytes > 0 && this.rest.length > 0) {
      this.rest = this.rest.subarray(1);
      this.bareBytes -= 1;
    }
    let isReady = false;
    while (this.rest.length >= 5) {
      const length = 1 + this.rest.readInt32BE(1);
      if (this.rest.length < length) break;
      isReady ||= this.rest.toString('latin1', 0, 1) === 'Z';
      this.rest = this.rest.subarray(length);
    }
    return isReady;
  }
}

/** The parameters of a start-up message: user, database, application_name, … */
export function startupParameters({ bytes }: Frame): ReadonlyMap<string, string> {
  const words = bytes.toString('utf8', 8).split('\0');
  const parameters = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) parameters.set(words[at] ?? '', words[at + 1] ?? '');
  return parameters;
}

/** The SQL of a Parse or simple Query message. */
export function sqlOf({ type, bytes }: Frame): string | undefined {
  if (type === 'Q') return bytes.toString('utf8', 5, bytes.length - 1);
  if (type !== 'P') return undefined;
  const begin = bytes.indexOf(0, 5) + 1;
  return bytes.toString('utf8', begin, bytes.indexOf(0, begin));
}
