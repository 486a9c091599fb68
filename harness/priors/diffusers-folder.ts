import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type AutoencoderConfig, autoencoderConfigSchema } from '../networks/autoencoder-config.ts';
import { type ClipTextConfig, clipTextConfigSchema } from '../networks/clip-text-config.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { type UnetConfig, unetConfigSchema } from '../networks/unet-config.ts';
import { type NoiseSchedule, scheduleFromConfig, schedulerConfigSchema } from './schedule.ts';

/** A folder in diffusers' layout: everything but the weights themselves. */
export interface DiffusersFolder {
  readonly files: Readonly<Record<'unet' | 'vae' | 'textEncoder' | 'tokenizer', string>>;
  readonly unet: UnetConfig;
  readonly vae: AutoencoderConfig;
  readonly textEncoder: ClipTextConfig;
  readonly schedule: NoiseSchedule;
  readonly imageShape: readonly [number, number, number];
  readonly latentShape: readonly [number, number, number];
}

const pipelineSchema = z.object({ _class_name: z.literal('StableDiffusionPipeline') });

/** Every file that changes the prior's numbers. */
const FILES = [
  'unet/config.json',
  'unet/diffusion_pytorch_model.safetensors',
  'vae/config.json',
  'vae/diffusion_pytorch_model.safetensors',
  'text_encoder/config.json',
  'text_encoder/model.safetensors',
  'tokenizer/tokenizer_config.json',
  'tokenizer/vocab.json',
  'scheduler/scheduler_config.json',
];

/** Reads and cross-checks the configs of a pipeline. Throws UserError naming file and key. */
export function readDiffusersFolder(folder: string): DiffusersFolder {
  const at = (name: string) => join(folder, name);
  readConfigFile(at('model_index.json'), pipelineSchema);
  const unet = readConfigFile(at('unet/config.json'), unetConfigSchema);
  const vae = readConfigFile(at('vae/config.json'), autoencoderConfigSchema);
  const textEncoder = readConfigFile(at('text_encoder/config.json'), clipTextConfigSchema);
  const scheduler = readConfigFile(at('scheduler/scheduler_config.json'), schedulerConfigSchema);

  const agree = (key: string, found: number, expected: number, other: string) => {
    if (found === expected) return;
    throw new UserError(`${at('unet/config.json')}: ${key}: found ${found}; ${other} gives ${expected}`);
  };
  agree('in_channels', unet.in_channels, vae.latent_channels, 'latent_channels of vae/config.json');
  agree('out_channels', unet.out_channels, vae.latent_channels, 'latent_channels of vae/config.json');
  agree(
    'cross_attention_dim',
    unet.cross_attention_dim,
    textEncoder.hidden_size,
    'hidden_size of text_encoder/config.json',
  );
  if (unet.sample_size === undefined) {
    throw new UserError(`${at('unet/config.json')}: sample_size is missing; expected the side of a latent`);
  }

  const imageSide = unet.sample_size * 2 ** (vae.block_out_channels.length - 1);
  return {
    files: {
      unet: at('unet/diffusion_pytorch_model.safetensors'),
      vae: at('vae/diffusion_pytorch_model.safetensors'),
      textEncoder: at('text_encoder/model.safetensors'),
      tokenizer: at('tokenizer'),
    },
    unet,
    vae,
    textEncoder,
    schedule: scheduleFromConfig(scheduler),
    imageShape: [vae.in_channels, imageSide, imageSide],
    latentShape: [vae.latent_channels, unet.sample_size, unet.sample_size],
  };
}

/** One sha256 over the names and contents of all files of the pipeline. Throws UserError for a missing file. */
export function hashDiffusersFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const name of FILES) hash.update(`${name} ${fileSha256(join(folder, name))}\n`);
  return hash.digest('hex');
}
