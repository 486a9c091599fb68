import { refuseOtherTensors } from './compare-tensors.ts';
import type { ParamSpec } from './parameter-shapes.ts';
import { paramsOf } from './params.ts';
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
    const wanted = new Set(specs.map(({ name }) => name));
    refuseOtherTensors(path, { specs, ignore: (name) => !wanted.has(name) }, file.entries);
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
