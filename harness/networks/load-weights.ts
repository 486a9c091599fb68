import { realpathSync } from 'node:fs';
import type { Tensor } from '../engine/tf.ts';
import type { MappedWeight, WeightData } from '../engine/weight.ts';
import { type ExpectedTensors, isPositionIds, refuseOtherTensors } from './compare-tensors.ts';
import { float32Copy, isHalfPrecision } from './float32-copy.ts';
import type { ParamSpec } from './parameter-shapes.ts';
import { type NetworkParams, paramsOf } from './params.ts';
import { openTensorFile, type TensorFile } from './tensor-file.ts';
import { TensorFiles } from './tensor-files.ts';

/** Makes an engine constant of weight data; called once for each tensor. */
export type MakeConstant = (data: WeightData, shape: readonly number[]) => Tensor;

/** A network's weights, loaded. */
export interface LoadedWeights {
  readonly params: NetworkParams;
  /** Too large to be read: constants by file position. */
  readonly mapped: boolean;
  dispose(): void;
}

/** What is known of a file beside the tensors that a network has. */
export type LoadOptions = Omit<ExpectedTensors, 'specs'>;

/** Larger networks stay in their files: the engine maps them, and several graphs share one copy in memory. */
const MAPPED_FROM_BYTES = 64 * 2 ** 20;

/**
 * Loads exactly the tensors that a network has, from a safetensors or PyTorch file or the shards of `path`.index.json. Large
 * networks are not read: their tensors are constants by file position (half precision: of a float32 copy in the cache
 * folder). Throws UserError for a tensor that is missing, has another shape, or that the network does not know: each
 * means that weights and config do not belong together.
 */
export function loadWeights(
  path: string,
  specs: readonly ParamSpec[],
  makeConstant: MakeConstant,
  { rename = (name) => name, ignore = isPositionIds, section }: LoadOptions = {},
): LoadedWeights {
  const files = new TensorFiles(path, section);
  try {
    const { entries } = files;
    refuseOtherTensors(path, { specs, rename, ignore, section }, entries);
    const stored = new Map([...entries.keys()].map((name) => [rename(name), name]));
    const mapped = files.dataBytes >= MAPPED_FROM_BYTES;
    const weightOf = mapped ? mappedWeights(files) : (name: string) => files.file(name).readFloat32(name);
    const tensors = new Map(
      specs.map(({ name, shape }) => [name, makeConstant(weightOf(stored.get(name)!), shape)]),
    );
    return { params: paramsOf(tensors, path), mapped, dispose: () => disposeAll(tensors) };
  } finally {
    files.close();
  }
}

/**
 * Loads the part of a published file that a network needs: a classifier's convolutions without its head. What else the
 * file holds is passed over and not read. Throws UserError for a tensor that is missing or of another shape.
 */
export function loadPartOfWeights(
  path: string,
  specs: readonly ParamSpec[],
  makeConstant: MakeConstant,
): Omit<LoadedWeights, 'mapped'> {
  const file = openTensorFile(path);
  try {
    const wanted = new Set(specs.map(({ name }) => name));
    refuseOtherTensors(path, { specs, ignore: (name) => !wanted.has(name) }, file.entries);
    const tensors = new Map(
      specs.map(({ name, shape }) => [name, makeConstant(file.readFloat32(name), shape)]),
    );
    return { params: paramsOf(tensors, path), dispose: () => disposeAll(tensors) };
  } finally {
    file.close();
  }
}

/** Compares the headers of weights with what a network asks for; reads no values. Throws UserError where they differ. */
export function refuseOtherWeights(path: string, expected: ExpectedTensors): void {
  const files = new TensorFiles(path, expected.section);
  try {
    refuseOtherTensors(path, expected, files.entries);
  } finally {
    files.close();
  }
}

function disposeAll(tensors: ReadonlyMap<string, Tensor>): void {
  for (const tensor of tensors.values()) tensor.dispose();
}

/** Weights by their place in the file that a device can map: the network's own, or a float32 copy of it. */
function mappedWeights(files: TensorFiles): (name: string) => WeightData {
  const mapped = new Map(
    files.files.map((file) => {
      const isCopy = isHalfPrecision(file);
      const path = realpathSync(isCopy ? float32Copy(file) : file.path);
      const open = () => openTensorFile(path, isCopy ? undefined : file.section);
      return [file.path, { path, open, offsets: using(open(), offsetsIn) }];
    }),
  );
  return (name) => {
    const file = files.file(name);
    const { path, open, offsets } = mapped.get(file.path)!;
    const offset = offsets.get(name);
    // Not float32, not row by row, or behind an odd number of bytes of another type: cannot be used where it lies.
    if (offset === undefined) return file.readFloat32(name);
    const read = () => using(open(), (opened) => opened.readFloat32(name));
    return { path, offset, read } satisfies MappedWeight;
  };
}

function offsetsIn(file: TensorFile): Map<string, number> {
  const places = [...file.entries].flatMap(([name, { dtype }]) => {
    const offset = dtype === 'F32' ? file.offset(name) : null;
    const usable = offset !== null && offset % Float32Array.BYTES_PER_ELEMENT === 0;
    return usable ? [[name, offset] as const] : [];
  });
  return new Map(places);
}

function using<T>(file: TensorFile, use: (file: TensorFile) => T): T {
  try {
    return use(file);
  } finally {
    file.close();
  }
}
