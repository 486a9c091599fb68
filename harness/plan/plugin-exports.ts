import type { z } from 'zod';
import type { Dataset } from '../data/dataset.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { MEAN_OF_DRAWS } from '../identity/mean-of-draws.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import { nearest } from '../names.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Task } from '../tasks/task.ts';
import { shown } from '../text/shown.ts';
import { describeThrown } from '../text/thrown.ts';
import {
  dataset,
  HALF,
  metrics,
  name,
  type Properties,
  type Property,
  prior,
  solver,
  task,
} from './plugin-properties.ts';

/** What a plug-in adds, by kind. */
export interface PluginExports {
  readonly solvers: readonly Solver[];
  readonly priors: readonly PriorKind[];
  readonly tasks: readonly Task[];
  readonly metrics: readonly AnyMetric[];
  readonly datasets: readonly Dataset[];
}

/** An export and what it should have. */
interface Candidate {
  readonly thing: object;
  readonly kind: keyof PluginExports;
  /** Where its name is none. */
  readonly called: string;
  readonly properties: Properties;
}

/**
 * What a plug-in adds.
 * @throws UserError for an export that is nothing of the kind, or lacks something; getters that throw included
 */
export function readExports(exported: unknown, path: string, where?: SourceLocation): PluginExports {
  const found: { [K in keyof PluginExports]: object[] } = {
    solvers: [],
    priors: [],
    tasks: [],
    metrics: [],
    datasets: [],
  };
  for (const thing of Array.isArray(exported) ? exported : [exported]) {
    const read = readExport(thing);
    if (typeof read === 'string') throw new UserError(`plug-in ${path}: ${read}`, where);
    found[read.kind].push(read.thing);
  }
  // Each has been looked at, property by property.
  return found as unknown as PluginExports;
}

/** What one is, or what is wrong with it. */
function readExport(thing: unknown): Candidate | string {
  try {
    const candidate = candidateOf(thing);
    if (candidate === null) return expectedOf(thing);
    return mistakeInProperties(candidate) ?? candidate;
  } catch (error) {
    return `its default export cannot be read: ${describeThrown(error).message}`;
  }
}

function expectedOf(thing: unknown): string {
  const expected =
    'expected its default export to be what defineSolver, definePrior, defineTask, defineMetric or defineDataset returns, ' +
    'or a list of those';
  return thing === undefined
    ? `${expected}; it has none (export default ...)`
    : `${expected}; found ${shown(thing)}`;
}

/** The property that only things of a kind have says which it is. */
function candidateOf(thing: unknown): Candidate | null {
  if (typeof thing !== 'object' || thing === null) return null;
  if ('solve' in thing || 'requires' in thing)
    return { thing, kind: 'solvers', called: 'a solver', properties: solver };
  if ('pose' in thing || 'baseline' in thing)
    return { thing, kind: 'tasks', called: 'a task', properties: task };
  if ('better' in thing || 'level' in thing)
    return { thing, kind: 'metrics', called: 'a metric', properties: metricProperties(thing) };
  if ('ids' in thing || 'item' in thing)
    return { thing, kind: 'datasets', called: 'a data set', properties: dataset };
  if ('inspect' in thing || 'open' in thing)
    return { thing, kind: 'priors', called: 'a prior', properties: prior };
  return null;
}

/** Of the sort that it says it is; of one that says nothing known, plain arithmetic's, which then tells what is expected. */
function metricProperties(thing: object): Properties {
  const { level, by } = thing as Readonly<Record<string, unknown>>;
  const sort = level === 'set' ? 'set network' : `image ${String(by)}`;
  return (Object.hasOwn(metrics, sort) ? metrics[sort] : undefined) ?? metrics['image arithmetic']!;
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
  return 'params' in properties
    ? mistakeInParameters(who, Object.keys((given.params as z.ZodObject).shape))
    : null;
}

/** A parameter that every object has already would be found where nobody has given it, or lost (`__proto__`). */
function mistakeInParameters(who: string, parameters: readonly string[]): string | null {
  const inherited = parameters.find((key) => key in Object.prototype);
  if (inherited !== undefined)
    return `${who}: no parameter can be called "${inherited}": every JavaScript object has that`;
  if (parameters.includes(MEAN_OF_DRAWS))
    return `${who}: no parameter can be called "${MEAN_OF_DRAWS}": that is what draws beside its name becomes`;
  const half = parameters.some((key) => HALF.test(key));
  return half ? `${who}: the name of a parameter has half a character in it` : null;
}
