import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { placeInStack } from '../text/author.ts';

/** The pipe between the main process, which asks on it, and its child. */
export const ASKED_FD = 4;
const NAME = 'tweedie.where';
export const SAY_WHERE = `globalThis[Symbol.for('${NAME}')]()`;

/** From now on this process answers the main one with the place in somebody else's code that it is at; an empty line: in none. */
export function sayWhereIfAsked(): void {
  Object.defineProperty(globalThis, Symbol.for(NAME), {
    value: () => void writeSync(ASKED_FD, `${placeInStack(new Error().stack ?? '') ?? ''}\n`),
  });
  new Worker(new URL('./stand-by.js', import.meta.url)).unref();
}
