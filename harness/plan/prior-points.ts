import { checkParameters, lookUp, readEntry } from '../config/entry.ts';
import { found, type Located, type LocatedMap, listOf, nodeAt } from '../config/located.ts';
import { pathIn } from '../config/path-in.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import type { Params } from '../identity/refs.ts';
import { localPathsOf } from '../priors/local-path.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import { pathOrWeights } from './weights-path.ts';

/** What an experiment calls a prior: its key under `priors`, or the name of the only one. */
export type PriorName = string;

/** A prior, with the parameters that are paths apart, made absolute. */
export interface PriorPoint {
  readonly name: PriorName;
  readonly kind: PriorKind;
  readonly params: Params;
  readonly paths: Params;
  readonly where: SourceLocation;
}

type Kinds = ReadonlyMap<string, PriorKind>;

/** The priors of an experiment: that under `prior`, or those under `priors`. */
export function readPriors(root: LocatedMap, kinds: Kinds): PriorPoint[] {
  const [one, several] = [given(root, 'prior'), given(root, 'priors')];
  if (one && several) throw new UserError('expected prior or priors, not both', several.where);
  if (one) return [readPrior(one, kinds)];
  if (!several) throw new UserError('missing key "prior": expected a value', root.where);
  if (several.kind !== 'map' || several.entries.size === 0) {
    throw new UserError(`priors: expected name: prior, once or more; found ${found(several)}`, several.where);
  }
  return [...several.entries].map(([name, { value }]) => ({ ...readPrior(value, kinds), name }));
}

/** The names that stand beside a solver, each of a prior of the experiment. */
export function readPriorNames(node: Located, priors: readonly PriorPoint[]): PriorName[] {
  const known = new Map(priors.map(({ name }) => [name, name]));
  const nodes = node.kind === 'list' ? listOf(node) : [node];
  const names = nodes.map((one) => {
    if (one.kind === 'scalar' && typeof one.value === 'string')
      return lookUp(known, one.value, "prior among this experiment's", one.where);
    throw new UserError(
      `prior: expected the name of one of this experiment's; found ${found(one)}`,
      one.where,
    );
  });
  if (names.length === 0) throw new UserError('prior: expected a name, found an empty list', node.where);
  return [...new Set(names)];
}

/** An experiment that extends another takes a key away by giving it no value. */
function given(root: LocatedMap, key: string): Located | undefined {
  const node = root.entries.get(key)?.value;
  return node?.kind === 'scalar' && node.value === null ? undefined : node;
}

function readPrior(node: Located, kinds: Kinds): PriorPoint {
  const { thing: kind, params: written } = readEntry(node, 'prior', kinds);
  const params: Record<string, unknown> = { ...checkParameters(kind.params, written, kind.name) };
  const paths: Record<string, unknown> = {};
  for (const name of localPathsOf(kind.params)) {
    const path = params[name];
    if (typeof path === 'string')
      paths[name] = pathOrWeights(path, pathIn(written, name, path), nodeAt(written, [name]).where);
    delete params[name];
  }
  return { name: kind.name, kind, params, paths, where: node.where };
}
