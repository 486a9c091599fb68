import { dirname } from 'node:path';
import { SIZE, SPLITS, sample } from '../../datasets/toyfaces/index.ts';
import type { Device } from '../engine/device.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { AutoencoderConfig } from '../networks/autoencoder-config.ts';
import { encodeMoments } from '../networks/autoencoder-kl.ts';
import type { NetworkParams } from '../networks/params.ts';
import { SafetensorsFile } from '../networks/safetensors.ts';
import { writeSafetensors } from '../networks/safetensors-writer.ts';
import type { DiffusedSet } from './text-diffusion.ts';
import { TrainingPictures } from './toyfaces.ts';

const BATCH = 50;

/**
 * Scaled posterior means of the training split with its captions; kept in the file `cache`, since painting 20,000 pictures takes a minute.
 */
export async function encodeTrainingSplit(
  device: Device,
  params: NetworkParams,
  vae: AutoencoderConfig,
  cache: string,
): Promise<DiffusedSet> {
  const { count } = SPLITS.train;
  const shape = [vae.latent_channels, SIZE / 4, SIZE / 4];
  const size = sizeOf(shape);
  const cached = readCached(cache);
  if (cached) return latentSet(cached, shape);
  const pictures = new TrainingPictures();
  const latents = new Float32Array(count * size);
  const encode = device.compile(({ x }: { x: Tensor }) =>
    tf.mul(encodeMoments(params, vae, x).mean, vae.scaling_factor),
  );
  for (let i = 0; i < count; i += BATCH) {
    const { pixels } = pictures.batch(Array.from({ length: BATCH }, (_, n) => i + n));
    const z = await encode({ x: tf.tensor(pixels, [BATCH, 3, SIZE, SIZE]) });
    latents.set(await z.data(), i * size);
  }
  makeFolder(dirname(cache));
  writeSafetensors(cache, [{ name: 'latents', shape: [count, ...shape], data: latents }]);
  return latentSet(latents, shape);
}

function latentSet(latents: Float32Array, shape: readonly number[]): DiffusedSet {
  const size = sizeOf(shape);
  return {
    shape,
    batch(indices) {
      const values = new Float32Array(indices.length * size);
      for (const [n, i] of indices.entries())
        values.set(latents.subarray(i * size, (i + 1) * size), n * size);
      return { values, captions: indices.map((i) => sample(SPLITS.train.seed, i).caption) };
    },
  };
}

function readCached(path: string): Float32Array | null {
  try {
    const file = new SafetensorsFile(path);
    const data = file.readFloat32('latents');
    file.close();
    return data;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
