import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as toyfaces from '../../datasets/toyfaces/index.ts';
import { SIZE, SPLITS } from '../../datasets/toyfaces/index.ts';
import type { Device } from '../engine/device.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { type AutoencoderConfig, autoencoderConfigSchema } from '../networks/autoencoder-config.ts';
import { autoencoderParameterShapes, decodeLatent, encodeMoments } from '../networks/autoencoder-kl.ts';
import { clipTextConfigSchema } from '../networks/clip-text-config.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { writeSafetensors } from '../networks/safetensors-writer.ts';
import {
  type TraitNetworkConfig,
  traitNetworkConfigSchema,
  traitNetworkShapes,
} from '../networks/trait-network.ts';
import { unetConfigSchema } from '../networks/unet-config.ts';
import { loadWeights } from '../networks/weights.ts';
import { openWordTokenizer } from '../networks/word-tokenizer.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../priors/schedule.ts';
import { writeFileAside } from '../write-file.ts';
import { autoencoderObjective } from './autoencoder.ts';
import type { Checkpoint } from './checkpoint.ts';
import {
  type AutoencoderTraining,
  type FeaturesTraining,
  type LatentDiffusionTraining,
  readTrainingConfig,
} from './config.ts';
import { featuresObjective } from './features.ts';
import { diffusionObjective, TEXT, UNET } from './latent-diffusion.ts';
import { encodeTrainingSplit } from './latent-set.ts';
import { unpackHost } from './parameters.ts';
import { type Objective, train } from './trainer.ts';
import { traitAccuracy } from './trait-accuracy.ts';

export interface TrainingRun {
  /** Folder for checkpoints of all runs. */
  checkpoints: string;
  secondsAllowed: number;
  onProgress(done: number, total: number, loss: number): void;
}

const VAE_WEIGHTS = 'vae/diffusion_pytorch_model.safetensors';
const ENCODE_BATCH = 50;

/**
 * Trains what a config asks for, from its checkpoint if there is one, and writes the averaged weights into the model
 * folder when it is complete. Returns what was measured, or null when the time ran out first.
 */
export async function runTraining(
  path: string,
  device: Device,
  run: TrainingRun,
): Promise<Record<string, number> | null> {
  const config = readTrainingConfig(path);
  const { model } = config;
  const name = basename(path).replace(/\.ya?ml$/, '');
  const options = {
    ...config,
    checkpoints: join(run.checkpoints, name),
    log: join(model, 'training', `${name}.jsonl`),
    secondsAllowed: run.secondsAllowed,
    onProgress: run.onProgress,
  };
  if (config.kind === 'autoencoder') {
    const network = readConfigFile(join(model, 'vae/config.json'), autoencoderConfigSchema);
    const objective = autoencoderObjective(network, config);
    const { checkpoint, complete } = await train(device, objective, options);
    return complete ? finishAutoencoder(device, model, network, config, objective, checkpoint) : null;
  }
  if (config.kind === 'features') {
    const network = readConfigFile(join(model, 'config.json'), traitNetworkConfigSchema);
    const objective = featuresObjective(network, config);
    const { checkpoint, complete } = await train(device, objective, options);
    return complete ? finishFeatures(device, model, network, config, checkpoint) : null;
  }
  const { objective, finish } = await diffusionRun(device, model, config, options.checkpoints);
  const { checkpoint, complete } = await train(device, objective, options);
  return complete ? finish(checkpoint) : null;
}

async function finishAutoencoder(
  device: Device,
  model: string,
  network: AutoencoderConfig,
  config: AutoencoderTraining,
  { specs }: Pick<Objective<never>, 'specs'>,
  { step, state }: Checkpoint,
): Promise<Record<string, number>> {
  writeSafetensors(join(model, VAE_WEIGHTS), unpackHost(specs, state.average), {
    steps: String(step),
    seed: String(config.seed),
  });
  const { params } = loadWeights(join(model, VAE_WEIGHTS), specs, (data, shape) =>
    device.constant(data, shape),
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
  const deviation = Math.sqrt(squares / count - (sum / count) ** 2);
  const file = join(model, 'vae/config.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  // As in latent diffusion (Rombach et al., 2022, section G): unit variance of the latents the U-Net sees.
  json.scaling_factor = Number((1 / deviation).toPrecision(6));
  writeFileAside(file, `${JSON.stringify(json, null, 2)}\n`);
  return { validationPsnr: psnr.reduce((a, b) => a + b, 0) / psnr.length, latentDeviation: deviation };
}

async function finishFeatures(
  device: Device,
  model: string,
  network: TraitNetworkConfig,
  config: FeaturesTraining,
  { step, state }: Checkpoint,
): Promise<Record<string, number>> {
  const specs = traitNetworkShapes(network);
  writeSafetensors(join(model, 'model.safetensors'), unpackHost(specs, state.average), {
    steps: String(step),
    seed: String(config.seed),
  });
  return traitAccuracy(device, model);
}

async function diffusionRun(
  device: Device,
  model: string,
  config: LatentDiffusionTraining,
  checkpoints: string,
): Promise<{
  objective: ReturnType<typeof diffusionObjective>;
  finish(checkpoint: Checkpoint): Record<string, number>;
}> {
  const vae = readConfigFile(join(model, 'vae/config.json'), autoencoderConfigSchema);
  const networks = {
    unet: readConfigFile(join(model, 'unet/config.json'), unetConfigSchema),
    text: readConfigFile(join(model, 'text_encoder/config.json'), clipTextConfigSchema),
  };
  const schedule = scheduleFromConfig(
    readConfigFile(join(model, 'scheduler/scheduler_config.json'), schedulerConfigSchema),
  );
  const weights = loadWeights(join(model, VAE_WEIGHTS), autoencoderParameterShapes(vae), (data, shape) =>
    device.constant(data, shape),
  );
  const set = await encodeTrainingSplit(
    device,
    weights.params,
    vae,
    join(checkpoints, `latents-${fileSha256(join(model, VAE_WEIGHTS)).slice(0, 16)}.safetensors`),
  );
  const objective = diffusionObjective(
    networks,
    openWordTokenizer(join(model, 'tokenizer')),
    schedule,
    set,
    config,
  );
  return {
    objective,
    finish({ step, state }) {
      const tensors = unpackHost(objective.specs, state.average);
      const metadata = { steps: String(step), seed: String(config.seed) };
      for (const [prefix, file] of [
        [UNET, 'unet/diffusion_pytorch_model.safetensors'],
        [TEXT, 'text_encoder/model.safetensors'],
      ] as const) {
        const own = tensors
          .filter(({ name }) => name.startsWith(prefix))
          .map((t) => ({ ...t, name: t.name.slice(prefix.length) }));
        writeSafetensors(join(model, file), own, metadata);
      }
      return { steps: step };
    },
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
