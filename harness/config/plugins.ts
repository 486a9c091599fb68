import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type SourceLocation, UserError } from '../errors.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import type { Solver } from '../solvers/solver.ts';

/** A user's own module, named in an experiment file. Its default export is a solver, a prior, or a list of them. */
export interface Plugin {
  /** Absolute path. */
  readonly path: string;
  /** Over the file and what it imports by relative paths: part of the key of every cell that it makes. */
  readonly sha256: string;
  readonly solvers: readonly Solver[];
  readonly priors: readonly PriorKind[];
}

/**
 * Loads a plug-in.
 * @throws UserError where the file is missing, does not load, or exports something else.
 */
export async function loadPlugin(path: string, where?: SourceLocation): Promise<Plugin> {
  if (!existsSync(path)) throw new UserError(`plug-in ${path}: no such file`, where);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new UserError(`plug-in ${path} does not load: ${(error as Error).message.split('\n')[0]}`, where);
  }
  const things = Array.isArray(module.default) ? module.default : [module.default];
  const solvers = things.filter(isSolver);
  const priors = things.filter(isPrior);
  if (solvers.length + priors.length < things.length) {
    throw new UserError(
      `plug-in ${path}: expected its default export to be what defineSolver or definePrior returns, or a list of those`,
      where,
    );
  }
  return { path, sha256: hashWithImports(path), solvers, priors };
}

function isSolver(thing: unknown): thing is Solver {
  return hasFunctions(thing, ['solve']) && 'params' in thing;
}

function isPrior(thing: unknown): thing is PriorKind {
  return hasFunctions(thing, ['inspect', 'open']) && 'params' in thing;
}

function hasFunctions(thing: unknown, names: readonly string[]): thing is { name: string } {
  return (
    typeof thing === 'object' &&
    thing !== null &&
    typeof (thing as { name?: unknown }).name === 'string' &&
    names.every((name) => typeof (thing as Record<string, unknown>)[name] === 'function')
  );
}

const RELATIVE_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g;

function hashWithImports(path: string): string {
  const contents = new Map<string, Buffer>();
  const visit = (file: string) => {
    if (contents.has(file) || !existsSync(file)) return;
    const content = readFileSync(file);
    contents.set(file, content);
    for (const [, specifier] of content.toString('utf8').matchAll(RELATIVE_IMPORT)) {
      visit(resolve(dirname(file), specifier!));
    }
  };
  visit(path);
  const hash = createHash('sha256');
  for (const content of contents.values()) hash.update(createHash('sha256').update(content).digest());
  return hash.digest('hex');
}
