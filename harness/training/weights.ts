import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type SourceLocation, UserError } from '../errors.ts';
import { refuseOtherTensors } from '../networks/compare-tensors.ts';
import type { ParamSpec } from '../networks/parameter-shapes.ts';
import { writeSafetensors } from '../networks/safetensors-writer.ts';
import { TensorFiles } from '../networks/tensor-files.ts';
import { packHost, unpackHost } from './parameters.ts';

/** A file of weights in a model's folder, and what the names of its parameters begin with in the trainer's list. */
export interface WeightPlace {
  readonly file: string;
  readonly prefix: string;
  /** Tensors of the file that are not trained. */
  readonly kept?: readonly KeptTensor[];
}

export interface KeptTensor extends ParamSpec {
  readonly data: Float32Array;
}

/** Weights to start from: a folder or file that is there, and the place that names it. */
export interface StartingPoint {
  readonly path: string;
  readonly where: SourceLocation;
}

/** Writes a flat vector of all parameters into the files of a model's folder. */
export function writeWeights(
  folder: string,
  places: readonly WeightPlace[],
  specs: readonly ParamSpec[],
  flat: Float32Array,
  metadata: Record<string, string>,
): void {
  const tensors = unpackHost(specs, flat);
  for (const { file, prefix, kept = [] } of places) {
    const own = tensors
      .filter(({ name }) => name.startsWith(prefix))
      .map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) }));
    writeSafetensors(join(folder, file), [...kept, ...own], metadata);
  }
}

/**
 * The same from a model's folder, or from a file where the model has one alone. Throws UserError with the place of `from`
 * for files that are missing or damaged, tensors that are not the network's, and values that are no finite numbers.
 */
export function readWeights(
  { path, where }: StartingPoint,
  places: readonly WeightPlace[],
  specs: readonly ParamSpec[],
): Float32Array {
  try {
    const values = places.flatMap(({ file, prefix, kept = [] }) => {
      const own = specs
        .filter(({ name }) => name.startsWith(prefix))
        .map((spec) => ({ ...spec, name: spec.name.slice(prefix.length) }));
      return [...readFile(fileAt(path, file, places), own, kept)].map(
        ([name, data]) => [prefix + name, data] as const,
      );
    });
    return packHost(specs, new Map(values));
  } catch (error) {
    throw error instanceof UserError ? new UserError(`from: ${error.message}`, where) : error;
  }
}

function fileAt(path: string, file: string, places: readonly WeightPlace[]): string {
  if (statSync(path).isDirectory()) return join(path, file);
  if (places.length === 1) return path;
  throw new UserError(
    `${path} is a file; expected a folder that holds ${places.map((place) => place.file).join(' and ')}`,
  );
}

function readFile(
  path: string,
  specs: readonly ParamSpec[],
  kept: readonly ParamSpec[],
): Map<string, Float32Array> {
  const files = new TensorFiles(path);
  try {
    refuseOtherTensors(path, { specs: [...kept, ...specs] }, files.entries);
    return new Map(specs.map(({ name }) => [name, finite(path, name, files.file(name).readFloat32(name))]));
  } finally {
    files.close();
  }
}

function finite(path: string, name: string, values: Float32Array): Float32Array {
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd === undefined) return values;
  throw new UserError(`${path}: tensor '${name}' holds ${odd}; expected finite numbers`);
}
