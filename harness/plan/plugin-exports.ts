import { z } from 'zod';
import { type SourceLocation, UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import { REQUIREMENTS, type Solver } from '../solvers/solver.ts';
import { KINDS } from '../tasks/kinds.ts';
import { shown } from '../text/shown.ts';
import { describeThrown } from '../text/thrown.ts';

export interface PluginExports {
  readonly solvers: readonly Solver[];
  readonly priors: readonly PriorKind[];
}

/** What a property of an export has to be: what JavaScript lets an author leave out or mistype. */
interface Property {
  readonly optional?: true;
  /** Null: it is right; else what is told after its name. */
  mistakeIn(value: unknown): string | null;
}

type Properties<T> = Readonly<Record<keyof T, Property>>;

function property(expected: string, holds: (value: unknown) => boolean): Property {
  return { mistakeIn: (value) => (holds(value) ? null : `expected ${expected}, found ${shown(value)}`) };
}

/** Half a character has no UTF-8, so a key, a database or a report cannot hold it. */
const HALF = /\p{Cs}/u;
const text: Property = {
  mistakeIn: (value) =>
    typeof value === 'string' && HALF.test(value)
      ? 'half a character (a lone surrogate) in it'
      : property('a text', (it) => typeof it === 'string').mistakeIn(value),
};
const name: Property = {
  mistakeIn: (value) =>
    value === '' ? 'expected a text that is not empty, found ""' : text.mistakeIn(value),
};
const aFunction = property('a function', (value) => typeof value === 'function');
const optional = (one: Property): Property => ({ ...one, optional: true });

const requires: Property = {
  mistakeIn(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return `expected {} or what it needs, as { autoencoder: true }; found ${shown(value)}`;
    for (const [key, needed] of Object.entries(value)) {
      if (!REQUIREMENTS.some((one) => one === key))
        return `unknown ${shown(key)}: ${nearest(key, REQUIREMENTS)}`;
      if (needed !== true) return `${key}: expected true, or no ${key} at all; found ${shown(needed)}`;
    }
    return null;
  },
};

const common = {
  name,
  version: property('a whole number', Number.isSafeInteger),
  params: property('a z.object of the z that "tweedie" exports', (value) => value instanceof z.ZodObject),
};
const solver: Properties<Solver> = {
  ...common,
  solves: optional(property(KINDS.join(' or '), (value) => KINDS.some((kind) => kind === value))),
  title: optional(name),
  paper: optional(text),
  requires,
  without: optional(
    property('names of parts with what happens without them', (value) =>
      Object.values(Object(value)).every((one) => typeof one === 'string'),
    ),
  ),
  passes: optional(aFunction),
  solve: aFunction,
};
const prior: Properties<PriorKind> = {
  ...common,
  description: optional(text),
  inspect: aFunction,
  open: aFunction,
};

/**
 * The solvers and priors of a plug-in.
 * @throws UserError for an export that is neither, or lacks something; getters that throw included
 */
export function readExports(exported: unknown, path: string, where?: SourceLocation): PluginExports {
  const solvers: Solver[] = [];
  const priors: PriorKind[] = [];
  for (const thing of Array.isArray(exported) ? exported : [exported]) {
    const mistake = mistakeIn(thing);
    if (mistake !== null) throw new UserError(`plug-in ${path}: ${mistake}`, where);
    if (isSolver(thing)) solvers.push(thing);
    else priors.push(thing);
  }
  return { solvers, priors };
}

/** Only to be asked of what has no mistake. */
function isSolver(thing: object): thing is Solver {
  return 'solve' in thing;
}

/** An export and what it should have. */
interface Candidate {
  readonly thing: object;
  /** Where its name is none. */
  readonly called: string;
  readonly properties: Properties<object>;
}

function mistakeIn(thing: unknown): string | null {
  try {
    const kind = kindOf(thing);
    if (kind === null)
      return 'expected its default export to be what defineSolver or definePrior returns, or a list of those';
    return mistakeInProperties(kind);
  } catch (error) {
    return `its default export cannot be read: ${describeThrown(error).message}`;
  }
}

function kindOf(thing: unknown): Candidate | null {
  if (typeof thing !== 'object' || thing === null) return null;
  if ('solve' in thing) return { thing, called: 'a solver', properties: solver };
  return 'inspect' in thing || 'open' in thing ? { thing, called: 'a prior', properties: prior } : null;
}

function mistakeInProperties({ thing, called, properties }: Candidate): string | null {
  const given = thing as Readonly<Record<string, unknown>>;
  const who = name.mistakeIn(given.name) === null ? String(given.name) : called;
  const unknown = Object.keys(thing).find((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined)
    return `${who}: unknown property ${shown(unknown)}: ${nearest(unknown, Object.keys(properties))}`;
  for (const [key, { optional, mistakeIn }] of Object.entries<Property>(properties)) {
    const value = given[key];
    const mistake = optional && value === undefined ? null : mistakeIn(value);
    if (mistake !== null) return `${who}: ${key}: ${mistake}`;
  }
  const { shape } = given.params as z.ZodObject;
  return mistakeInParameters(who, Object.keys(shape));
}

/** A parameter that every object has already would be found where nobody has given it, or lost (`__proto__`). */
function mistakeInParameters(who: string, parameters: readonly string[]): string | null {
  const inherited = parameters.find((key) => key in Object.prototype);
  if (inherited !== undefined)
    return `${who}: no parameter can be called "${inherited}": every JavaScript object has that`;
  const half = parameters.some((key) => HALF.test(key));
  return half ? `${who}: the name of a parameter has half a character in it` : null;
}
