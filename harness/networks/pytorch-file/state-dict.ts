import { UserError } from '../../errors.ts';
import { named } from '../section.ts';
import { listed, shown } from '../shown.ts';
import { TorchTensor } from './torch-objects.ts';

/** A dictionary of tensors inside what was saved. */
interface StateDict {
  /** The keys that lead to it, dots between. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TorchTensor>;
}

/** Stands for what was saved itself, where tensors lie beside dictionaries. */
const TOP = '.';
/** No checkpoint nests deeper. */
const MAX_DEPTH = 64;

/**
 * The tensors of the one dictionary that has some, wherever it is nested. Values of other kinds (counters, settings) are
 * passed over, and so are dictionaries under keys that are no text: an optimiser's state, by the numbers of parameters.
 * @param section which dictionary, where there are several, by the keys that lead to it with dots between; where the last
 *   of them lead to none, the tensors whose names begin with them, named without
 * @throws UserError where there is none, or several and no `section`
 */
export function findStateDict(
  root: unknown,
  path: string,
  section?: string,
): ReadonlyMap<string, TorchTensor> {
  const found = stateDictsOf(root);
  const [first, ...others] = found;
  if (!first) {
    const keys = root instanceof Map ? [...root.keys()].filter((key) => typeof key === 'string') : [];
    const holds = keys.length > 0 ? `; found ${listed(keys, 10)}` : '';
    throw new UserError(`${path}: holds no dictionary of tensors${holds}`);
  }
  if (section !== undefined) return chosen(found, path, section);
  if (others.length === 0) return first.tensors;
  const example = shown(found.at(-1)!.path);
  throw new UserError(
    `${path}: holds ${found.length} dictionaries of tensors: ${inventory(found)}; choose one: \`section: ${example}\` of a prior, or \`--section ${example}\` of tweedie weights convert`,
  );
}

function chosen(
  found: readonly StateDict[],
  path: string,
  section: string,
): ReadonlyMap<string, TorchTensor> {
  const exact = found.filter((one) => one.path === section).map(({ tensors }) => tensors);
  const matches = exact.length > 0 ? exact : found.map((one) => partOf(one, section, found.length === 1));
  const [only, ...others] = matches.filter(({ size }) => size > 0);
  if (only && others.length === 0) return only;
  const what = only ? 'several dictionaries of tensors are' : 'no dictionary of tensors is';
  throw new UserError(`${path}: ${what} '${shown(section)}'; found ${inventory(found)}`);
}

/** What the rest of `section`, behind the dictionary's own keys, begins the names of. */
function partOf({ path, tensors }: StateDict, section: string, alone: boolean): Map<string, TorchTensor> {
  if (section.startsWith(`${path}.`)) return named(section.slice(path.length + 1), tensors);
  return alone || path === TOP ? named(section, tensors) : new Map();
}

/** Each dictionary that has a tensor of its own, once, outer ones first. */
function stateDictsOf(root: unknown): readonly StateDict[] {
  const found: StateDict[] = [];
  const seen = new Set<unknown>([root]);
  let level: { keys: string; node: unknown }[] = [{ keys: '', node: root }];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const { keys, node } of level) {
      const tensors = new Map<string, TorchTensor>();
      for (const [key, value] of childrenOf(node)) {
        if (value instanceof TorchTensor) {
          if (node instanceof Map) tensors.set(key, value);
        } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
          seen.add(value);
          next.push({ keys: keys === '' ? key : `${keys}.${key}`, node: value });
        }
      }
      if (tensors.size > 0) found.push({ path: keys === '' ? TOP : keys, tensors });
    }
    level = next;
  }
  return found;
}

function childrenOf(node: unknown): Iterable<[string, unknown]> {
  if (Array.isArray(node)) return node.map((value, i): [string, unknown] => [String(i), value]);
  if (!(node instanceof Map)) return [];
  return [...node].filter((pair): pair is [string, unknown] => typeof pair[0] === 'string');
}

function inventory(found: readonly StateDict[]): string {
  return listed(found.map(({ path, tensors }) => `${nameOf(path)} (${counted(tensors.size)})`));
}

const nameOf = (path: string) => (path === TOP ? `'${TOP}', its top level` : `'${path}'`);
const counted = (tensors: number) => `${tensors} tensor${tensors === 1 ? '' : 's'}`;
