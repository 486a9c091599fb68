/** CLIP's image tower for a prior of latents: the vision half of a CLIPModel's folder. */
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { ClipVisionConfig } from '../networks/clip-config.ts';
import { clipFolderFiles, readClipFolder } from '../networks/clip-folder.ts';
import { clipImageFeatures, clipImageParameterShapes } from '../networks/clip-model.ts';
import { clipPixels } from '../networks/clip-pixels.ts';
import { type ExpectedTensors, isBesideImage } from '../networks/compare-tensors.ts';
import { filesSha256 } from '../networks/file-hash.ts';
import { loadWeights, type MakeConstant, refuseOtherWeights } from '../networks/load-weights.ts';
import type { NetworkParams } from '../networks/params.ts';
import type { ClipImage } from './prior.ts';

/**
 * Compares the folder's config with the width of the prior's prompts, and its weights with the config.
 * @returns sha256 of the files
 * @throws UserError for a folder that is no CLIPModel's, or one of another width
 */
export function inspectClipImage(folder: string, width: number): string {
  const { weights, expected } = readImageTower(folder, width);
  refuseOtherWeights(weights, expected);
  return filesSha256(folder, clipFolderFiles(folder));
}

/** Throws UserError as `inspectClipImage`. */
export function openClipImage(
  folder: string,
  width: number,
  makeConstant: MakeConstant,
): { readonly clipImage: ClipImage; dispose(): void } {
  const { config, weights, expected } = readImageTower(folder, width);
  const { specs, ...options } = expected;
  const { params, dispose } = loadWeights(weights, specs, makeConstant, options);
  return { clipImage: imageTower(params, config), dispose };
}

/** The loaded network as a part of a prior. */
export function imageTower(params: NetworkParams, config: ClipVisionConfig): ClipImage {
  return {
    side: config.image_size,
    features: (x) => clipImageFeatures(params, config, clipPixels(x)),
  };
}

function readImageTower(folder: string, width: number) {
  const { config: clip, weights } = readClipFolder(folder);
  const { projection_dim, vision_config: config } = clip;
  if (projection_dim !== width) {
    throw new UserError(
      `${join(folder, 'config.json')}: projection_dim: found ${projection_dim}; the prior's text tokens have ${width}`,
    );
  }
  const specs = clipImageParameterShapes({ ...config, projection_dim });
  const expected: ExpectedTensors = { specs, ignore: isBesideImage };
  return { config, weights, expected };
}
