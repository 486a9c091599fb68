import type { Tensor } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { nearestTensor } from './nearest-tensor.ts';
import { shown } from './shown.ts';

/** A network's parameters by their state_dict names. Networks are pure functions of it, so that a trainer can pass variables. */
export interface NetworkParams {
  /** The tensor of that name; throws UserError with the nearest name where there is none. */
  get(name: string): Tensor;
  has(name: string): boolean;
  /** The parameters whose names begin with `prefix.`, named without it. */
  scope(prefix: string): NetworkParams;
}

/** Parameters held in a map; `source` (a file, "the trainer") names them in errors. */
export function paramsOf(tensors: ReadonlyMap<string, Tensor>, source: string, prefix = ''): NetworkParams {
  return {
    get(name) {
      const tensor = tensors.get(prefix + name);
      if (!tensor) throw missingTensor(source, prefix + name, [...tensors.keys()]);
      return tensor;
    },
    has: (name) => tensors.has(prefix + name),
    scope: (inner) => paramsOf(tensors, source, `${prefix}${inner}.`),
  };
}

/** Parameters by other names than they are stored under: `stored` says what is a name's in `params`. */
export function paramsUnder(
  params: NetworkParams,
  stored: (name: string) => string,
  prefix = '',
): NetworkParams {
  return {
    get: (name) => params.get(stored(prefix + name)),
    has: (name) => params.has(stored(prefix + name)),
    scope: (inner) => paramsUnder(params, stored, `${prefix}${inner}.`),
  };
}

/** The error for a tensor that a network needs and `source` lacks. */
export function missingTensor(source: string, name: string, names: readonly string[]): UserError {
  const nearest = nearestTensor(name, names);
  const hint = nearest === undefined ? '' : `; the nearest name is '${shown(nearest)}'`;
  const none = names.length > 0 ? hint : '; it holds no tensors';
  return new UserError(`${source}: there is no tensor '${shown(name)}'${none}`);
}
