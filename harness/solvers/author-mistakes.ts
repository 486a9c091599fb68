/** What a plug-in in JavaScript gets wrong of `run` without an error of its own; each throws one that says so. */
import { flatten } from '../engine/compile.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { nearest } from '../names.ts';
import { shown } from '../text/shown.ts';

export function requireRole(draw: string, role: string, roles: readonly string[]): void {
  if (!roles.includes(role))
    throw new Error(`run.${draw}: unknown role ${shown(role)}: ${nearest(String(role), roles)}`);
}

export function requireGrid(grid: unknown): void {
  if (typeof grid === 'object' && grid !== null && 'legs' in grid && 'coefficients' in grid) return;
  throw new Error(
    `run.steps: expected a grid, as ddim(prior, { steps, eta }) makes it; found ${shown(grid)}`,
  );
}

export function requireState(state: unknown): void {
  if (isThenable(state)) throw new Error(missingAwait('the state of a step is a promise'));
  if (typeof state !== 'object' || state === null)
    throw new Error(`a step was given ${shown(state)} as its state; expected { x: tensor, ... }`);
}

/** What a step's function has returned, if that is a part of the state. */
export function changedBy<T>(changed: T): T {
  if (isThenable(changed))
    throw new Error(
      "a step's function returned a promise; expected the state at once: nothing inside is awaited",
    );
  if (typeof changed !== 'object' || changed === null || changed instanceof tf.Tensor)
    throw new Error(
      `a step's function returned ${shown(changed)}; expected what has changed of the state, as { x }`,
    );
  for (const [name, part] of Object.entries(changed)) {
    const isTree = typeof part === 'object' && part !== null && !isThenable(part);
    const found = isTree ? flatten(part as Tensor).leaves.find((leaf) => typeof leaf === 'number') : part;
    if (!isTree || found !== undefined)
      throw new Error(`a step's function returned ${shown(found)} as ${name}; expected a tensor`);
  }
  return changed;
}

/** A step's promise: what its result will be called cannot be read of it, and what nobody awaits ends no process. */
export function awaited<T extends object>(promise: Promise<T>, state: T): Promise<T> {
  promise.catch(() => {});
  for (const name of Object.keys(state))
    Object.defineProperty(promise, name, {
      get() {
        throw new Error(missingAwait(`"${name}" of a step's promise`));
      },
    });
  return promise;
}

/** Adds who has called a step to what it threw: a promise with two listeners forgets that. */
export function calledFrom(error: unknown, caller: Error): unknown {
  if (error instanceof Error && error.stack !== undefined)
    error.stack += caller.stack?.replace(/^[^\n]*/, '') ?? '';
  return error;
}

function missingAwait(found: string): string {
  return `found ${found}: \`await\` is missing before the step's call`;
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value;
}
