import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchCase } from './case.ts';
import type { Contender, Prepared } from './contender.ts';

/** What the child of wasm-child.ts is asked, and answers. */
export type WasmRequest = { readonly name: string; readonly batch: number } | { readonly runs: number };
export type WasmAnswer = Prepared | { readonly ms: number };

/** tfjs's wasm backend (one thread), in a process of its own. */
export class Wasm implements Contender {
  readonly name = 'tfjs-wasm';
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('./wasm-child.js', import.meta.url)), {
    serialization: 'advanced',
  });
  readonly #ended: Promise<null> = once(this.#child, 'exit').then(() => null);

  takes({ wasm }: BenchCase): boolean {
    return wasm;
  }

  prepare({ name, batch }: BenchCase): Promise<Prepared> {
    return this.#ask<Prepared>({ name, batch });
  }

  async time(runs: number): Promise<number> {
    return (await this.#ask<{ ms: number }>({ runs })).ms;
  }

  async close(): Promise<void> {
    this.#child.disconnect();
  }

  async #ask<A>(request: WasmRequest): Promise<A> {
    this.#child.send(request);
    const message = await Promise.race([once(this.#child, 'message'), this.#ended]);
    if (!message) throw new Error('the wasm process ended; what it said is above');
    const [answer] = message;
    return answer as A;
  }
}
