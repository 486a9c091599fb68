import { join } from 'node:path';
import type { Device } from '../../engine/device.ts';
import { autoencoderConfigSchema } from '../../networks/autoencoder-config.ts';
import { autoencoderParameterShapes } from '../../networks/autoencoder-kl.ts';
import { clipTextConfigSchema } from '../../networks/clip-text-config.ts';
import { readConfigFile } from '../../networks/config-file.ts';
import { fileSha256 } from '../../networks/file-hash.ts';
import { loadWeights } from '../../networks/load-weights.ts';
import { unetConfigSchema } from '../../networks/unet-config.ts';
import { openWordTokenizer } from '../../networks/word-tokenizer.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../priors/schedule.ts';
import type { LatentDiffusionTraining } from '../config.ts';
import { encodeTrainingSplit } from '../latent-set.ts';
import { TEXT, textDiffusionObjective, UNET } from '../text-diffusion.ts';
import { VAE_CONFIG, VAE_WEIGHTS } from './autoencoder.ts';
import { type Job, jobOf } from './job.ts';

/** @param checkpoints folder where the latents of the training split are kept as well */
export async function latentDiffusionJob(
  device: Device,
  config: LatentDiffusionTraining,
  checkpoints: string,
): Promise<Job> {
  const { model } = config;
  const vae = readConfigFile(join(model, VAE_CONFIG), autoencoderConfigSchema);
  const networks = {
    unet: readConfigFile(join(model, 'unet/config.json'), unetConfigSchema),
    text: readConfigFile(join(model, 'text_encoder/config.json'), clipTextConfigSchema),
  };
  const schedule = scheduleFromConfig(
    readConfigFile(join(model, 'scheduler/scheduler_config.json'), schedulerConfigSchema),
  );
  const weights = loadWeights(join(model, VAE_WEIGHTS), autoencoderParameterShapes(vae), device.constant);
  const set = await encodeTrainingSplit(
    device,
    weights.params,
    vae,
    join(checkpoints, `latents-${fileSha256(join(model, VAE_WEIGHTS)).slice(0, 16)}.safetensors`),
  );
  const tokenizer = openWordTokenizer(join(model, 'tokenizer'));
  return jobOf(device, textDiffusionObjective(networks, tokenizer, schedule, set, config), {
    places: [
      { file: 'unet/diffusion_pytorch_model.safetensors', prefix: UNET },
      { file: 'text_encoder/model.safetensors', prefix: TEXT },
    ],
    finish: async ({ step }) => ({ steps: step }),
  });
}
