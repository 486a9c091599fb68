import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { readSaid, type Said } from './conversation.ts';
import type { External } from './description.ts';
import { LastWords } from './last-words.ts';

/** Arrays are files: a message is short. */
const LONGEST_LINE = 2 ** 20;
/** What a program may need to end once its input has. */
const LAST_MOMENTS_MS = 5000;
const EARLY = 'before it gave a result';

/** Of a program that has ended without a message: often it cannot start at all. */
export class EndedUnheard extends Error {}

/**
 * A program that solves one batch: it is started anew for each, so that no result depends on what ran before. It belongs to
 * the worker's process group and ends with it.
 */
export class Program {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #command: string;
  readonly #lines: AsyncGenerator<string>;
  readonly #ended: Promise<string>;
  readonly #said = new LastWords();
  #isHeard = false;

  constructor({ command, file }: External) {
    const [program, ...args] = command as [string, ...string[]];
    this.#command = program;
    const folder = dirname(file);
    this.#child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#ended = this.#howItEnds(folder);
    this.#lines = linesOf(this.#child.stdout);
    // One that is gone says so by its end.
    this.#child.stdin.on('error', () => {});
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#said.hear(line);
      console.error(line);
    });
  }

  say(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** The next that it says. @throws Error, in a sentence that follows its name, where it says nothing more or garbage */
  async next(): Promise<Said> {
    const { value, done } = await this.#lines.next();
    if (!done) {
      this.#isHeard = true;
      return readSaid(value);
    }
    const late = delay(LAST_MOMENTS_MS, `closed its standard output ${EARLY}`, { ref: false });
    const end = await Promise.race([this.#ended, late]);
    throw this.#isHeard ? new Error(end) : new EndedUnheard(end);
  }

  /** Lets it end by itself, since its work is done. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    this.#child.stdout.resume();
    await Promise.race([this.#ended, delay(LAST_MOMENTS_MS, undefined, { ref: false })]);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream.destroy();
  }

  async #howItEnds(folder: string): Promise<string> {
    try {
      const [code, signal] = await once(this.#child, 'close');
      const end = signal ? `was ended by ${signal}` : `ended (exit code ${code})`;
      return `${end} ${EARLY}${this.#said.told()}`;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EACCES') return `cannot start: ${this.#command} may not be executed`;
      const missing = existsSync(folder) ? `no program ${this.#command}` : `no folder ${folder}`;
      return code === 'ENOENT' ? `cannot start: there is ${missing}` : `cannot start: ${message}`;
    }
  }
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE)
      throw new Error(
        'wrote more than 1 MiB to standard output without an end of line; expected JSON messages',
      );
    yield* lines;
  }
  if (rest !== '') yield rest;
}
