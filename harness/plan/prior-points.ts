import { checkParameters, lookUp, readEntry } from '../config/entry.ts';
import { found, type Located, type LocatedMap, listOf, nodeAt, quoted } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
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
  /** Where its path stands, if it has one: for what shows when its files are looked at. */
  readonly where: SourceLocation;
  /** Where its name stands. */
  readonly nameWhere: SourceLocation;
}

/** A prior's name, where it stands beside a solver. */
export interface ChosenPrior {
  readonly name: PriorName;
  readonly where: SourceLocation;
}

type Kinds = ReadonlyMap<string, PriorKind>;

const ONE = 'its name, or name: { parameters }';
const SEVERAL = 'a name of your own for each prior, as in { mine: embedded }';

/** The priors of an experiment: that under `prior`, or those under `priors`. */
export function readPriors(root: LocatedMap, kinds: Kinds): PriorPoint[] {
  const [one, several] = [given(root, 'prior'), given(root, 'priors')];
  if (one && several) throw new UserError('expected prior or priors, not both', laterOf(root).where);
  if (one) return [readPrior(one, kinds)];
  if (!several) throw missing(root);
  if (several.kind !== 'map' || several.entries.size === 0)
    throw new UserError(`priors: expected ${SEVERAL}; found ${found(several)}`, several.where);
  const mistakes = new Mistakes();
  const points = [...several.entries].flatMap(([name, { keyWhere, value }]) => {
    if (!SHOWN.test(name))
      mistakes.add(new UserError(`priors: expected ${SEVERAL}; found the name ${quoted(name)}`, keyWhere));
    const point = mistakes.attempt(() => readPrior(value, kinds));
    return point ? [{ ...point, name, nameWhere: keyWhere }] : [];
  });
  mistakes.refuse();
  return points;
}

/** A character that a table's reader sees. */
const SHOWN = /[^\p{C}\p{Z}]/u;

/** Of `prior` and `priors` the one that was laid over the other: by a file that extends, or by --set. */
function laterOf(root: LocatedMap): Located {
  const [, later] = [...root.entries].filter(([key]) => key === 'prior' || key === 'priors');
  return later![1].value;
}

function missing({ entries, where }: LocatedMap): UserError {
  const [key, empty] = [...entries].find(([name]) => name === 'prior' || name === 'priors') ?? [];
  if (!empty) return new UserError('missing key "prior": expected a value', where);
  return new UserError(
    `${key}: expected ${key === 'prior' ? ONE : SEVERAL}; found nothing`,
    empty.value.where,
  );
}

/** The names that stand beside a solver, each of a prior of the experiment. */
export function readPriorNames(node: Located, priors: readonly PriorPoint[]): ChosenPrior[] {
  const known = new Map(priors.map(({ name }) => [name, name]));
  const chosen = new Map<PriorName, ChosenPrior>();
  for (const one of listOf(node)) {
    if (one.kind !== 'scalar' || typeof one.value !== 'string')
      throw new UserError(
        `prior: expected the name of one of this experiment's; found ${found(one)}${quoting(one, known)}`,
        one.where,
      );
    const name = lookUp(known, one.value, "prior among this experiment's", one.where);
    if (!chosen.has(name)) chosen.set(name, { name, where: one.where });
  }
  if (chosen.size === 0) throw new UserError('prior: expected a name, found an empty list', node.where);
  return [...chosen.values()];
}

/** For a number that is a prior's name, but for the quotes. */
function quoting(node: Located, known: ReadonlyMap<PriorName, unknown>): string {
  const name = node.kind === 'scalar' ? String(node.value) : '';
  return known.has(name) ? `; write ${quoted(name)}` : '';
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
  const [path] = Object.keys(paths);
  const { where } = path === undefined ? node : nodeAt(written, [path]);
  return { name: kind.name, kind, params, paths, where, nameWhere: node.where };
}
