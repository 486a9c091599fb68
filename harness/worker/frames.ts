import { deserialize, serialize } from 'node:v8';

const MAGIC = Buffer.from('TWD1');
const HEADER_BYTES = MAGIC.length + 4;

/**
 * A message as bytes: magic, length (uint32, big-endian), structured clone. JSON would turn an infinite score into null;
 * Node's own channel takes whatever a solver writes to it for the length of a message, and waits for ever for the rest.
 */
export function frame(message: unknown): Buffer {
  const body = serialize(message);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(body.length, MAGIC.length);
  return Buffer.concat([header, body]);
}

/** Puts messages together again from the chunks in which they arrive. */
export class FrameReader {
  readonly #longest: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #needed = HEADER_BYTES;

  /** @param longest bytes of a message */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /**
   * The messages that are complete with this chunk.
   * @throws Error where the bytes are no messages
   */
  *push(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= this.#needed) {
      const bytes = Buffer.concat(this.#chunks);
      const length = this.#lengthOf(bytes);
      this.#needed = HEADER_BYTES + length;
      const rest = bytes.length >= this.#needed ? bytes.subarray(this.#needed) : bytes;
      this.#chunks = [rest];
      this.#bytes = rest.length;
      if (rest === bytes) return;
      yield deserialize(bytes.subarray(HEADER_BYTES, this.#needed));
      this.#needed = HEADER_BYTES;
    }
  }

  #lengthOf(bytes: Buffer): number {
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('bytes that are no message');
    const length = bytes.readUInt32BE(MAGIC.length);
    if (length > this.#longest) throw new Error(`a message of ${length} bytes`);
    return length;
  }
}
