import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type AutoencoderConfig, autoencoderConfigSchema } from '../networks/autoencoder-config.ts';
import { type ClipTextConfig, clipTextConfigSchema } from '../networks/clip-text-config.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { filesSha256 } from '../networks/file-hash.ts';
import { TensorFiles, weightFilePaths } from '../networks/tensor-files.ts';
import { type UnetConfig, unetConfigSchema } from '../networks/unet-config.ts';
import type { NoiseSchedule } from './schedule.ts';
import { readSchedule } from './scheduler-file.ts';
import { weightsOf } from './weight-variants.ts';

/** A folder in diffusers' layout: everything but the weights themselves. */
export interface DiffusersFolder {
  /** Paths of the weights (which may lie in shards beside an index) and of the tokenizer's folder. */
  readonly files: Readonly<Record<'unet' | 'vae' | 'textEncoder' | 'tokenizer', string>>;
  readonly unet: UnetConfig;
  readonly vae: AutoencoderConfig;
  readonly textEncoder: ClipTextConfig;
  readonly schedule: NoiseSchedule;
  readonly imageShape: readonly [number, number, number];
  readonly latentShape: readonly [number, number, number];
}

/** What a person chooses of a folder. */
export interface FolderOptions {
  /** Side of the images in pixels; null: what the U-Net was trained for. */
  readonly size?: number | null;
  /** Which files of weights (`fp16`: diffusion_pytorch_model.fp16.safetensors), where a network has them. */
  readonly variant?: string | undefined;
  /** What another scheduler's file is read as: see `readSchedule`. */
  readonly scheduler?: 'ddim' | undefined;
}

const pipelineSchema = z.object({ _class_name: z.literal('StableDiffusionPipeline') });
const LAYOUT =
  "a model in diffusers' layout (model_index.json, unet/, vae/, text_encoder/, tokenizer/, scheduler/)";

/** Reads and cross-checks the configs of a pipeline. Throws UserError naming file and key. */
export function readDiffusersFolder(
  folder: string,
  { size = null, variant, scheduler }: FolderOptions = {},
): DiffusersFolder {
  const at = (name: string) => join(folder, name);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats) throw new UserError(`${folder}: there is no such folder; expected ${LAYOUT}`);
  if (!stats.isDirectory()) {
    throw new UserError(
      `${folder}: is a file; expected the folder of ${LAYOUT}: diffusers' from_single_file and save_pretrained make one of a single file`,
    );
  }
  readConfigFile(at('model_index.json'), pipelineSchema);
  const unet = readConfigFile(at('unet/config.json'), unetConfigSchema);
  const vae = readConfigFile(at('vae/config.json'), autoencoderConfigSchema);
  const textEncoder = readTextConfig(at('text_encoder/config.json'));
  const schedule = readSchedule(at('scheduler/scheduler_config.json'), scheduler);

  const agree = (key: string, found: number, expected: number, other: string, file = 'unet') => {
    if (found === expected) return;
    throw new UserError(`${at(`${file}/config.json`)}: ${key}: found ${found}; ${other} gives ${expected}`);
  };
  agree('in_channels', vae.in_channels, 3, 'a picture', 'vae');
  agree('out_channels', vae.out_channels, 3, 'a picture', 'vae');
  agree('in_channels', unet.in_channels, vae.latent_channels, 'latent_channels of vae/config.json');
  agree('out_channels', unet.out_channels, vae.latent_channels, 'latent_channels of vae/config.json');
  agree(
    'cross_attention_dim',
    unet.cross_attention_dim,
    textEncoder.hidden_size,
    'hidden_size of text_encoder/config.json',
  );

  const factor = latentFactor(vae);
  const latentSide = size === null ? trainedSide(at('unet/config.json'), unet) : size / factor;
  const step = 2 ** (unet.block_out_channels.length - 1);
  if (latentSide % step !== 0) {
    throw new UserError(
      `size: found ${latentSide * factor}; expected a multiple of ${factor * step} for ${folder}`,
    );
  }
  return {
    files: {
      ...weightsOf(folder, variant),
      tokenizer: at('tokenizer'),
    },
    unet,
    vae,
    textEncoder,
    schedule,
    imageShape: [vae.in_channels, latentSide * factor, latentSide * factor],
    latentShape: [vae.latent_channels, latentSide, latentSide],
  };
}

/**
 * One sha256 over the names and contents of all files that change the numbers. Throws UserError for a file that is missing
 * or, like one that was cut short, not what its header says.
 */
export function hashDiffusersFolder(folder: string, options: FolderOptions = {}): string {
  const { files } = readDiffusersFolder(folder, options);
  for (const weights of [files.unet, files.vae, files.textEncoder]) new TensorFiles(weights).close();
  const inTokenizer = (name: string) => join(files.tokenizer, name);
  const paths = [
    ...[files.unet, files.vae, files.textEncoder].flatMap((weights) => [
      join(dirname(weights), 'config.json'),
      ...weightFilePaths(weights),
    ]),
    ...['tokenizer_config.json', 'vocab.json'].map(inTokenizer),
    ...['merges.txt', 'special_tokens_map.json'].map(inTokenizer).filter((path) => existsSync(path)),
    join(folder, 'scheduler/scheduler_config.json'),
  ];
  return filesSha256(folder, paths);
}

/** Pixels on one side of a latent's. */
export function latentFactor(vae: AutoencoderConfig): number {
  return 2 ** (vae.block_out_channels.length - 1);
}

/** transformers nests the text encoder's keys where a folder was saved from a whole CLIP. */
function readTextConfig(path: string): ClipTextConfig {
  const { model_type } = readConfigFile(path, z.object({ model_type: z.string().optional() }));
  return model_type === 'clip'
    ? readConfigFile(path, z.object({ text_config: clipTextConfigSchema })).text_config
    : readConfigFile(path, clipTextConfigSchema);
}

function trainedSide(path: string, unet: UnetConfig): number {
  if (unet.sample_size !== undefined) return unet.sample_size;
  throw new UserError(
    `${path}: sample_size is missing; expected the side of a latent, or a prior with 'size'`,
  );
}
