import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as toyfaces from '../../../datasets/toyfaces/index.ts';
import { SIZE, SPLITS } from '../../../datasets/toyfaces/index.ts';
import type { Device } from '../../engine/device.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { type AutoencoderConfig, autoencoderConfigSchema } from '../../networks/autoencoder-config.ts';
import { autoencoderParameterShapes, decodeLatent, encodeMoments } from '../../networks/autoencoder-kl.ts';
import { readConfigFile } from '../../networks/config-file.ts';
import { loadWeights } from '../../networks/load-weights.ts';
import { writeFileAside } from '../../write-file.ts';
import { autoencoderObjective } from '../autoencoder.ts';
import { range } from '../card/pictures.ts';
import type { AutoencoderTraining } from '../config.ts';
import { type Job, jobOf } from './job.ts';

export const VAE_CONFIG = 'vae/config.json';
export const VAE_WEIGHTS = 'vae/diffusion_pytorch_model.safetensors';
const ENCODE_BATCH = 50;

export function autoencoderJob(device: Device, config: AutoencoderTraining): Job {
  const { model } = config;
  const network = readConfigFile(join(model, VAE_CONFIG), autoencoderConfigSchema);
  return jobOf(device, autoencoderObjective(network, config), {
    places: [{ file: VAE_WEIGHTS, prefix: '' }],
    finish: async () => {
      const measured = await measureRoundTrip(device, model, network);
      setScalingFactor(model, measured.latentDeviation);
      return measured;
    },
  });
}

/** PSNR of the round trip on the validation split, and the standard deviation of its latents. */
export async function measureRoundTrip(
  device: Device,
  model: string,
  network: AutoencoderConfig,
): Promise<{ validationPsnr: number; latentDeviation: number }> {
  const { params } = loadWeights(
    join(model, VAE_WEIGHTS),
    autoencoderParameterShapes(network),
    device.constant,
  );
  const validation = toyfaces.batch('validation', range(SPLITS.validation.count));
  const roundTrip = device.compile(({ x }: { x: Tensor }) => {
    const { mean } = encodeMoments(params, network, x);
    const error = tf.mean(
      tf.squaredDifference(tf.clipByValue(decodeLatent(params, network, mean), -1, 1), x),
      [1, 2, 3],
    );
    return { mean, error };
  });
  const psnr: number[] = [];
  let [sum, squares, count] = [0, 0, 0];
  const pixels = 3 * SIZE * SIZE;
  for (let i = 0; i < SPLITS.validation.count; i += ENCODE_BATCH) {
    const x = tf.tensor(validation.pixels.subarray(i * pixels, (i + ENCODE_BATCH) * pixels), [
      ENCODE_BATCH,
      3,
      SIZE,
      SIZE,
    ]);
    const { mean, error } = await roundTrip({ x });
    for (const mse of await error.data()) psnr.push(10 * Math.log10(4 / mse));
    for (const v of await mean.data()) [sum, squares, count] = [sum + v, squares + v * v, count + 1];
  }
  const latentDeviation = Math.sqrt(squares / count - (sum / count) ** 2);
  return { validationPsnr: psnr.reduce((a, b) => a + b, 0) / psnr.length, latentDeviation };
}

function setScalingFactor(model: string, latentDeviation: number): void {
  const file = join(model, VAE_CONFIG);
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  // As in latent diffusion (Rombach et al., 2022, section G): unit variance of the latents the U-Net sees.
  json.scaling_factor = Number((1 / latentDeviation).toPrecision(6));
  writeFileAside(file, `${JSON.stringify(json, null, 2)}\n`);
}
