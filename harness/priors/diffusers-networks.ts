import { autoencoderParameterShapes } from '../networks/autoencoder-kl.ts';
import { currentAutoencoderName } from '../networks/autoencoder-names.ts';
import { clipTextParameterShapes } from '../networks/clip-text.ts';
import { type ExpectedTensors, isBesideText } from '../networks/compare-tensors.ts';
import { unetParameterShapes } from '../networks/unet2d-condition.ts';
import type { DiffusersFolder } from './diffusers-folder.ts';

/** One network of a folder: where its weights lie, and the tensors that its config asks for. */
export interface FolderNetwork {
  readonly path: string;
  /** Its class in diffusers or transformers. */
  readonly network: string;
  readonly expected: ExpectedTensors;
}

export function networksOf(
  folder: DiffusersFolder,
): Readonly<Record<'unet' | 'vae' | 'text', FolderNetwork>> {
  const { files, unet, vae, textEncoder } = folder;
  return {
    unet: {
      path: files.unet,
      network: 'UNet2DConditionModel',
      expected: { specs: unetParameterShapes(unet) },
    },
    vae: {
      path: files.vae,
      network: 'AutoencoderKL',
      expected: { specs: autoencoderParameterShapes(vae), rename: currentAutoencoderName },
    },
    text: {
      path: files.textEncoder,
      network: 'CLIPTextModel',
      expected: { specs: clipTextParameterShapes(textEncoder), ignore: isBesideText },
    },
  };
}
