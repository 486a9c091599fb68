import { UserError } from '../errors.ts';
import type { ParamSpec } from './parameter-shapes.ts';
import { missingTensor, paramsOf } from './params.ts';
import { openWeightFile } from './weight-file.ts';
import type { MakeConstant, Weights } from './weights.ts';

/**
 * Loads the part of a published file that a network needs: a classifier's convolutions without its head. What else the
 * file holds is passed over and not read. Throws UserError for a tensor that is missing or of another shape.
 */
export function loadPartOfWeights(
  path: string,
  specs: readonly ParamSpec[],
  makeConstant: MakeConstant,
): Omit<Weights, 'mapped'> {
  const file = openWeightFile(path);
  try {
    for (const { name, shape } of specs) {
      const entry = file.entries.get(name);
      if (!entry) throw missingTensor(path, name, [...file.entries.keys()]);
      if (entry.shape.join() !== shape.join())
        throw new UserError(
          `${path}: tensor '${name}' has shape [${entry.shape}]; the network's has [${shape}]`,
        );
    }
    const tensors = new Map(
      specs.map(({ name, shape }) => [name, makeConstant(file.readFloat32(name), shape)]),
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
