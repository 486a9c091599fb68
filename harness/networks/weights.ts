import type { Tensor } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { ParamSpec } from './parameter-shapes.ts';
import { missingTensor, type Params, paramsOf } from './params.ts';
import { SafetensorsFile } from './safetensors.ts';

/** Makes an engine constant of weight data; called once for each tensor. */
export type MakeConstant = (data: Float32Array, shape: readonly number[]) => Tensor;

/** A network's weights, loaded. */
export interface Weights {
  readonly params: Params;
  dispose(): void;
}

/** Buffers that checkpoints carry and networks do not read. */
const IGNORED = /(^|\.)position_ids$/;

/**
 * Loads exactly the tensors that a network has. Throws UserError for a tensor that is missing, has another shape, or
 * that the network does not know: each means that weights and config do not belong together.
 * @param rename current name of a tensor that older files name otherwise
 */
export function loadWeights(
  path: string,
  specs: readonly ParamSpec[],
  makeConstant: MakeConstant,
  rename: (name: string) => string = (name) => name,
): Weights {
  const file = new SafetensorsFile(path);
  try {
    const stored = new Map(
      [...file.entries.keys()].filter((n) => !IGNORED.test(n)).map((n) => [rename(n), n]),
    );
    for (const { name, shape } of specs) {
      const inFile = stored.get(name);
      if (inFile === undefined) throw missingTensor(path, name, [...stored.keys()]);
      checkShape(path, inFile, file.entries.get(inFile)!.shape, shape);
    }
    const known = new Set(specs.map(({ name }) => name));
    const stranger = [...stored].find(([name]) => !known.has(name));
    if (stranger) {
      throw new UserError(
        `${path}: tensor '${stranger[1]}' has no place in the network that its config describes`,
      );
    }
    const tensors = new Map(
      specs.map(({ name, shape }) => [name, makeConstant(file.readFloat32(stored.get(name)!), shape)]),
    );
    return {
      params: paramsOf(tensors, path),
      dispose() {
        for (const tensor of tensors.values()) tensor.dispose();
      },
    };
  } finally {
    file.close();
  }
}

/** Old files hold linear layers as 1x1 convolutions: trailing ones do not count. */
function checkShape(path: string, name: string, found: readonly number[], expected: readonly number[]): void {
  const head = found.slice(0, expected.length);
  const tail = found.slice(expected.length);
  if (expected.every((n, i) => head[i] === n) && tail.every((n) => n === 1)) return;
  throw new UserError(
    `${path}: tensor '${name}' has shape [${found}]; the network's config gives [${expected}]`,
  );
}
