import { basename, join } from 'node:path';
import type { Device } from '../engine/device.ts';
import { readTrainingConfig, type TrainingConfig } from './config.ts';
import { autoencoderJob } from './jobs/autoencoder.ts';
import { clipJob } from './jobs/clip.ts';
import { clipImageJob } from './jobs/clip-image.ts';
import { decoderJob } from './jobs/decoder.ts';
import { featuresJob } from './jobs/features.ts';
import type { Job } from './jobs/job.ts';
import { latentDiffusionJob } from './jobs/latent-diffusion.ts';
import { noisedClipJob } from './jobs/noised-clip.ts';
import { pixelDiffusionJob } from './jobs/pixel-diffusion.ts';
import { textPixelJob } from './jobs/text-pixel.ts';
import { readWeights, writeWeights } from './weights.ts';

export interface TrainingRun {
  /** Folder for checkpoints of all runs. */
  checkpoints: string;
  secondsAllowed: number;
  onProgress(done: number, total: number, loss: number): void;
}

/**
 * Trains what a config asks for, from its checkpoint if there is one, and writes the averaged weights into the model
 * folder when it is complete. Returns what was measured, or null when the time ran out first.
 */
export async function runTraining(
  path: string,
  device: Device,
  run: TrainingRun,
): Promise<Record<string, number> | null> {
  const { config, start } = readTrainingConfig(path);
  const name = basename(path).replace(/\.ya?ml$/, '');
  const checkpoints = join(run.checkpoints, name);
  const job = await jobFor(device, config, checkpoints);
  const { checkpoint, complete } = await job.train({
    ...config,
    checkpoints,
    initial: start && readWeights(start, job.places, job.specs),
    log: join(config.model, 'training', `${name}.jsonl`),
    secondsAllowed: run.secondsAllowed,
    onProgress: run.onProgress,
  });
  if (!complete) return null;
  const { step, state } = checkpoint;
  const metadata = { steps: String(step), seed: String(config.seed) };
  writeWeights(config.model, job.places, job.specs, state.average, metadata);
  return job.finish(checkpoint);
}

async function jobFor(device: Device, config: TrainingConfig, checkpoints: string): Promise<Job> {
  switch (config.kind) {
    case 'autoencoder':
      return autoencoderJob(device, config);
    case 'decoder':
      return decoderJob(device, config);
    case 'features':
      return featuresJob(device, config);
    case 'latent-diffusion':
      return latentDiffusionJob(device, config, checkpoints);
    case 'pixel-diffusion':
      return pixelDiffusionJob(device, config);
    case 'text-pixel':
      return textPixelJob(device, config);
    case 'clip':
      return clipJob(device, config);
    case 'clip-image':
      return clipImageJob(device, config);
    case 'noised-clip':
      return noisedClipJob(device, config);
  }
}
