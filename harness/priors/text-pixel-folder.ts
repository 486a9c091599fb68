import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { type ClipTextConfig, clipTextConfigSchema } from '../networks/clip-text-config.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { filesSha256 } from '../networks/file-hash.ts';
import { openTokenizer } from '../networks/open-tokenizer.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { type UnetConfig, unetConfigSchema } from '../networks/unet-config.ts';
import type { NoiseSchedule } from './schedule.ts';
import { readSchedule } from './scheduler-file.ts';

/** A text-conditioned pixel model in diffusers' layout, without an autoencoder: everything but the weights' values. */
export interface TextPixelFolder {
  readonly unet: UnetConfig;
  readonly textEncoder: ClipTextConfig;
  readonly schedule: NoiseSchedule;
  readonly tokenizer: Tokenizer;
  readonly files: Readonly<Record<'unet' | 'textEncoder', string>>;
  /** Folder of a CLIP of noised pictures; null where there is none. */
  readonly noisedClip: string | null;
  readonly imageShape: readonly [number, number, number];
}

/** Below the model's folder. */
export const TEXT_PIXEL_FILES = {
  unetConfig: 'unet/config.json',
  unet: 'unet/diffusion_pytorch_model.safetensors',
  textConfig: 'text_encoder/config.json',
  textEncoder: 'text_encoder/model.safetensors',
  schedule: 'scheduler/scheduler_config.json',
  tokenizer: 'tokenizer',
} as const;
const NOISED_CLIP = 'noised_clip';
const NOISED_CLIP_FILES = ['config.json', 'tokenizer_config.json', 'vocab.json', 'model.safetensors'];

/** Reads the configs. Throws UserError for files that are missing or no such model's. */
export function readTextPixelFolder(folder: string): TextPixelFolder {
  const at = (name: string) => join(folder, name);
  const unet = readConfigFile(at(TEXT_PIXEL_FILES.unetConfig), unetConfigSchema);
  const { sample_size: side, in_channels, out_channels } = unet;
  if (side === undefined || in_channels !== 3 || out_channels !== 3) {
    throw new UserError(
      `${at(TEXT_PIXEL_FILES.unetConfig)}: expected sample_size and a network of 3 channels, the pictures'`,
    );
  }
  const clip = at(NOISED_CLIP);
  return {
    unet,
    textEncoder: readConfigFile(at(TEXT_PIXEL_FILES.textConfig), clipTextConfigSchema),
    schedule: readSchedule(at(TEXT_PIXEL_FILES.schedule)),
    tokenizer: openTokenizer(at(TEXT_PIXEL_FILES.tokenizer)),
    files: { unet: at(TEXT_PIXEL_FILES.unet), textEncoder: at(TEXT_PIXEL_FILES.textEncoder) },
    noisedClip: existsSync(join(clip, 'model.safetensors')) ? clip : null,
    imageShape: [3, side, side],
  };
}

/** One sha256 over all files that change the model's numbers. */
export function hashTextPixelFolder(folder: string): string {
  const { tokenizer, ...files } = TEXT_PIXEL_FILES;
  const { noisedClip } = readTextPixelFolder(folder);
  return filesSha256(folder, [
    ...Object.values(files).map((name) => join(folder, name)),
    ...['tokenizer_config.json', 'vocab.json'].map((name) => join(folder, tokenizer, name)),
    ...(noisedClip === null ? [] : NOISED_CLIP_FILES.map((name) => join(noisedClip, name))),
  ]);
}
