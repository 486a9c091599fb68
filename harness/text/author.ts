import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';
import { describeThrown } from './thrown.ts';

const FRAME = /(?:^|\(|at |async )((?:file:\/\/)?\/[^()]*?):(\d+)(?::(\d+))?\)?$/;
const OURS = ['dist', 'harness'].map((folder) => join(PACKAGE_ROOT, folder) + sep);

/** Deep enough for a call that goes through a compiled step and its operations. */
export const STACK_FRAMES = 100;

/** `mine.js:12:7`: the file as a person in this folder would name it. null for what is no plug-in's. */
export function authorsPlace(file: string, line: number, column?: number): string | null {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file;
  if (OURS.some((folder) => path.startsWith(folder)) || path.includes(`${sep}node_modules${sep}`))
    return null;
  const near = relative(process.cwd(), path);
  return [near.startsWith('..') ? path : near, line, ...(column === undefined ? [] : [column])].join(':');
}

/** The innermost line of a plug-in that a stack names; null where it names none. */
export function placeInStack(stack: string): string | null {
  for (const frame of stack.split('\n')) {
    const [, file, line, column] = FRAME.exec(frame) ?? [];
    if (file === undefined) continue;
    const place = authorsPlace(file, Number(line), column === undefined ? undefined : Number(column));
    if (place !== null) return place;
  }
  return null;
}

const placed = new WeakSet<Error>();

/**
 * What somebody else's code has thrown, with the place in that code before its message.
 * @param otherwise the place where the stack names none; null: the message stays as it is
 */
export function withPlace(thrown: unknown, otherwise: () => string | null = () => null): unknown {
  if (thrown instanceof Error && placed.has(thrown)) return thrown;
  return atPlace(thrown, placeInStack(describeThrown(thrown).stack) ?? otherwise());
}

/** The same with a place that is known; null: the message stays as it is. */
export function atPlace(thrown: unknown, place: string | null): unknown {
  if (place === null) return thrown;
  const told = `${place}: ${describeThrown(thrown).message}`;
  const error = thrown instanceof Error && rewritten(thrown, told) ? thrown : new Error(told);
  placed.add(error);
  return error;
}

/** The same error, whose kind and code others ask for; false where it cannot be changed. */
function rewritten(error: Error, message: string): boolean {
  try {
    Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true });
    return true;
  } catch {
    return false;
  }
}
