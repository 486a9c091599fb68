/** The flags from which guided-diffusion's scripts build a model (create_model; the model_config.yaml of DPS). */
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type AdmConfig, admConfigSchema } from './adm-config.ts';
import { parseConfig } from './config-file.ts';

const CHANNEL_MULT: Readonly<Record<number, readonly number[]>> = {
  512: [0.5, 1, 1, 2, 2, 4, 4],
  256: [1, 1, 2, 2, 4, 4],
  128: [1, 1, 2, 3, 4],
  64: [1, 2, 3, 4],
};
const numbers = (what: string) =>
  z
    .string()
    .regex(/^\d+(,\s*\d+)*$/, `expected ${what} with commas between`)
    .transform((text) => text.split(',').map(Number));

/** With create_model's defaults. Flags of training and of a file's place change nothing. */
const flagsSchema = z.object({
  image_size: z.number().int().positive(),
  num_channels: z.number().int().positive(),
  num_res_blocks: z.number().int().positive(),
  channel_mult: z
    .union([z.literal('').transform(() => null), numbers('factors'), z.array(z.number().positive())])
    .default(null),
  learn_sigma: z.literal(true, 'expected true: the variance is that of the network'),
  class_cond: z.literal(false, 'expected false: classes are not implemented in this prior').default(false),
  use_checkpoint: z.boolean().default(false),
  /** Sides of the feature maps that have attention. */
  attention_resolutions: z
    .union([
      z
        .number()
        .int()
        .positive()
        .transform((side) => [side]),
      numbers('sides of feature maps'),
    ])
    .default([16]),
  num_heads: z.number().int().positive().default(1),
  num_head_channels: z.number().int().default(-1),
  num_heads_upsample: z.number().int().default(-1),
  use_scale_shift_norm: z.boolean().default(false),
  dropout: z.number().default(0),
  resblock_updown: z.boolean().default(false),
  use_fp16: z.boolean().default(false),
  use_new_attention_order: z.boolean().default(false),
  /** Not of the scripts: see admConfigSchema. */
  norm_groups: z.number().int().positive().default(32),
  /** BlindDPS's: of one channel, of two, else of three. */
  grayscale: z.boolean().default(false),
  twochan: z.boolean().default(false),
  model_path: z.string().default(''),
});

const COMMON = {
  image_size: 256,
  learn_sigma: true,
  num_heads: 4,
  num_head_channels: 64,
  use_scale_shift_norm: true,
  resblock_updown: true,
};

/** The public models of DPS and its kin, by configs/model_config.yaml and configs/imagenet_model_config.yaml there. */
export const ADM_MODELS = {
  'ffhq-256': { ...COMMON, num_channels: 128, num_res_blocks: 1, attention_resolutions: 16 },
  'imagenet-256': { ...COMMON, num_channels: 256, num_res_blocks: 2, attention_resolutions: '32,16,8' },
} as const;
/** Of BlindDPS: configs/kernel_model_config.yaml and configs/tilt_model_config.yaml there. */
const UNKNOWN = { ...COMMON, num_channels: 64, num_res_blocks: 1, attention_resolutions: 16 };
export const UNKNOWN_MODELS = {
  kernel: { ...UNKNOWN, image_size: 64, grayscale: true },
  tilt: { ...UNKNOWN, twochan: true },
} as const;
export type AdmModelName = keyof typeof ADM_MODELS;

/**
 * The network that flags describe. `source` names them in errors.
 * @throws UserError for a flag that is unknown or not supported
 */
export function admConfigOf(
  model: AdmModelName | Readonly<Record<string, unknown>>,
  source: string,
): AdmConfig {
  const given = typeof model === 'string' ? ADM_MODELS[model] : model;
  const known = Object.keys(flagsSchema.shape);
  const stranger = Object.keys(given).find((flag) => !known.includes(flag));
  if (stranger !== undefined) {
    throw new UserError(
      `${source}: unknown flag '${stranger}'; the nearest is '${closest(stranger, known)}'`,
    );
  }
  const flags = parseConfig(source, given, flagsSchema);
  const { image_size, num_channels, attention_resolutions, channel_mult, learn_sigma, class_cond, ...same } =
    flags;
  const { model_path: _, grayscale, twochan, ...architecture } = same;
  const channels = grayscale ? 1 : twochan ? 2 : 3;
  const factors = channel_mult ?? CHANNEL_MULT[image_size];
  if (!factors) {
    throw new UserError(
      `${source}: channel_mult: found nothing; only for an image_size of ${Object.keys(CHANNEL_MULT).join(', ')} is there a default`,
    );
  }
  const config = {
    ...architecture,
    image_size,
    in_channels: channels,
    out_channels: 2 * channels,
    model_channels: num_channels,
    attention_resolutions: attention_resolutions.map((side) => Math.floor(image_size / side)),
    channel_mult: factors,
  };
  return parseConfig(source, config, admConfigSchema);
}
