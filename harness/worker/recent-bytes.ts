/** Files' contents by key, those used last; the others are forgotten where together they are larger than a limit. */
export class RecentBytes {
  readonly #kept = new Map<string, Buffer>();
  readonly #limit: number;
  #bytes = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Buffer | undefined {
    return this.#kept.get(key);
  }

  /** Keeps it as the one used last. */
  keep(key: string, content: Buffer): void {
    this.#forget(key);
    this.#kept.set(key, content);
    this.#bytes += content.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.length ?? 0;
    this.#kept.delete(key);
  }
}
