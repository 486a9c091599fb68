import { z } from 'zod';
import { nearest } from '../names.ts';
import { REQUIREMENTS } from '../solvers/solver.ts';
import { KINDS } from '../tasks/roles.ts';
import { shown } from '../text/shown.ts';

/** What a property of an export has to be: what JavaScript lets an author leave out or mistype. */
export interface Property {
  readonly optional?: true;
  /** Null: it is right; else what is told after its name. */
  mistakeIn(value: unknown): string | null;
}

export type Properties = Readonly<Record<string, Property>>;

function property(expected: string, holds: (value: unknown) => boolean): Property {
  return { mistakeIn: (value) => (holds(value) ? null : `expected ${expected}, found ${shown(value)}`) };
}

/** Half a character has no UTF-8, so a key, a database or a report cannot hold it. */
export const HALF = /\p{Cs}/u;
const text: Property = {
  mistakeIn: (value) =>
    typeof value === 'string' && HALF.test(value)
      ? 'half a character (a lone surrogate) in it'
      : property('a text', (it) => typeof it === 'string').mistakeIn(value),
};
export const name: Property = {
  mistakeIn: (value) =>
    value === '' ? 'expected a text that is not empty, found ""' : text.mistakeIn(value),
};
const aFunction = property('a function', (value) => typeof value === 'function');
const whole = property('a whole number', Number.isSafeInteger);
const optional = (one: Property): Property => ({ ...one, optional: true });

/** One of some words: the nearest is proposed. */
function oneOf(...words: readonly string[]): Property {
  return property(words.join(' or '), (value) => words.some((word) => word === value));
}

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const requires: Property = {
  mistakeIn(value) {
    if (!isMapping(value))
      return `expected {} or what it needs, as { autoencoder: true }; found ${shown(value)}`;
    for (const [key, needed] of Object.entries(value)) {
      if (!REQUIREMENTS.some((one) => one === key))
        return `unknown ${shown(key)}: ${nearest(key, REQUIREMENTS)}`;
      if (needed !== true) return `${key}: expected true, or no ${key} at all; found ${shown(needed)}`;
    }
    return null;
  },
};

const withParams = {
  name,
  version: whole,
  params: property('a z.object of the z that "tweedie" exports', (value) => value instanceof z.ZodObject),
};

export const solver: Properties = {
  ...withParams,
  solves: optional(oneOf(...KINDS)),
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

export const prior: Properties = {
  ...withParams,
  description: optional(text),
  inspect: aFunction,
  open: aFunction,
};

const flag = optional(property('true, or nothing at all', (value) => value === true));

export const task: Properties = {
  ...withParams,
  kind: oneOf(...KINDS),
  title: optional(name),
  source: text,
  pseudoInverse: flag,
  svd: flag,
  nonlinear: flag,
  projection: flag,
  labelled: flag,
  captioned: flag,
  editable: flag,
  traits: optional(aFunction),
  leavesOut: optional(aFunction),
  shows: optional(aFunction),
  misfit: optional(aFunction),
  pose: aFunction,
  operator: optional(aFunction),
  noise: optional(aFunction),
  baseline: optional(
    property(
      'a name and a function `solve`',
      (value) =>
        isMapping(value) &&
        'solve' in value &&
        typeof value.solve === 'function' &&
        'name' in value &&
        name.mistakeIn(value.name) === null,
    ),
  ),
};

export const dataset: Properties = {
  name,
  description: optional(text),
  ids: aFunction,
  item: aFunction,
  caption: optional(aFunction),
  labels: optional(aFunction),
  traits: optional(
    property(
      'values, local, of, after, edited and phrase',
      (value) =>
        isMapping(value) &&
        ['values', 'local', 'of', 'after', 'edited', 'phrase'].every((key) => key in value),
    ),
  ),
};

const choices = property('a mapping of names to texts, numbers, true or false', (value) =>
  Boolean(
    isMapping(value) &&
      Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one)),
  ),
);

const anyMetric = {
  name,
  title: optional(name),
  version: whole,
  better: oneOf('higher', 'lower'),
  unit: optional(text),
  digits: property(
    'a whole number of decimals',
    (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  ),
  refuses: optional(aFunction),
};
const networked = {
  weights: property('a list of files and folders, [] for none', Array.isArray),
  protocol: aFunction,
  open: aFunction,
};

/** By `level` and `by`: plain arithmetic of an image, a network asked for each, or a number of a whole set. */
export const metrics: Readonly<Record<string, Properties>> = {
  'image arithmetic': {
    ...anyMetric,
    level: oneOf('image'),
    by: oneOf('arithmetic'),
    of: oneOf('picture', 'labels', 'kernel', 'kept'),
    against: oneOf('truth'),
    protocol: choices,
    score: aFunction,
  },
  'image network': {
    ...anyMetric,
    level: oneOf('image'),
    by: oneOf('network'),
    of: oneOf('picture', 'traits'),
    against: oneOf('truth', 'caption', 'traits'),
    sees: optional(property('names of traits with lists of their values', isMapping)),
    ...networked,
  },
  'set network': {
    ...anyMetric,
    level: oneOf('set'),
    by: oneOf('network'),
    of: oneOf('picture'),
    against: oneOf('reference-set'),
    protocol: choices,
    extractor: property('a feature extractor: name, dimensions, weights, protocol, open', (value) =>
      Boolean(
        isMapping(value) &&
          ['name', 'dimensions', 'weights', 'protocol', 'open'].every((key) => key in value),
      ),
    ),
    score: aFunction,
  },
};
