import type { Readable } from 'node:stream';
import { endOf } from '../text/bounded.ts';

const KEPT_CHARACTERS = 4000;

/** Keeps the end of what a process prints. */
export class LogTail {
  #text = '';

  follow(stream: Readable): void {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-KEPT_CHARACTERS);
    });
  }

  get text(): string {
    return endOf(this.#text, KEPT_CHARACTERS);
  }

  clear(): void {
    this.#text = '';
  }
}
