import { z } from 'zod';
import { admConfigSchema } from '../networks/adm-config.ts';
import { vqFactor } from '../networks/autoencoder-vq.ts';
import { vqConfigSchema } from '../networks/autoencoder-vq-config.ts';

const count = z.number().int().positive();

/** Arguments of CompVis's UNetModel: guided-diffusion's, down to the tensors' names, and some that are not implemented. */
const unetSchema = admConfigSchema.and(
  z.object({
    use_spatial_transformer: z
      .literal(false, 'expected false: attention to a condition is not implemented in this prior')
      .default(false),
    n_embed: z.null('expected none: prediction of codebook entries is not implemented').default(null),
    num_classes: z.null('expected none: classes are not implemented in this prior').default(null),
    channel_mult: z
      .array(z.number())
      .refine(
        ([first]) => first === 1,
        'expected factors that begin with 1: the first level has model_channels',
      )
      .optional(),
  }),
);

/**
 * `model.params` of a configuration of CompVis/latent-diffusion (a506df5): the arguments of its LatentDiffusion, with their
 * defaults. Those of training change nothing; what would change the numbers and is not implemented is refused by name.
 */
export const latentDiffusionSchema = z
  .object({
    linear_start: z.number().positive().default(1e-4),
    linear_end: z.number().positive().lt(1).default(2e-2),
    timesteps: count.max(100_000).default(1000),
    beta_schedule: z.literal('linear').default('linear'),
    given_betas: z.null().default(null),
    parameterization: z.literal('eps').default('eps'),
    /** Side and channels of the latents. */
    image_size: count,
    channels: count,
    scale_factor: z.number().positive().default(1),
    scale_by_std: z
      .literal(false, 'expected false: a factor that the weights hold is not read')
      .default(false),
    cond_stage_config: z.literal(
      '__is_unconditional__',
      'expected "__is_unconditional__": conditions are not implemented in this prior',
    ),
    unet_config: z.object({
      target: z.literal('ldm.modules.diffusionmodules.openaimodel.UNetModel'),
      params: unetSchema,
    }),
    first_stage_config: z.object({
      target: z.literal(
        'ldm.models.autoencoder.VQModelInterface',
        'expected "ldm.models.autoencoder.VQModelInterface": of the autoencoders the one with a codebook is implemented',
      ),
      params: vqConfigSchema,
    }),
  })
  .superRefine(({ channels, image_size, unet_config, first_stage_config }, ctx) => {
    const unet = unet_config.params;
    const expectIn = (path: string[], holds: boolean, message: string) => {
      if (!holds) ctx.addIssue({ code: 'custom', path, message });
    };
    const ofLatents = `expected ${channels}, the channels of the latents`;
    for (const key of ['in_channels', 'out_channels'] as const)
      expectIn(['unet_config', 'params', key], unet[key] === channels, ofLatents);
    const { embed_dim } = first_stage_config.params;
    expectIn(['first_stage_config', 'params', 'embed_dim'], embed_dim === channels, ofLatents);
    const step = 2 ** (unet.channel_mult.length - 1);
    expectIn(['image_size'], image_size % step === 0, `expected a multiple of ${step}: the U-Net halves it`);
  });

export type LatentDiffusionConfig = z.infer<typeof latentDiffusionSchema>;

/** [3,H,W] of the pictures. */
export function pictureShape({ image_size, first_stage_config }: LatentDiffusionConfig) {
  const side = image_size * vqFactor(first_stage_config.params);
  return [3, side, side] as const;
}

/** CompVis's models of 256 x 256 with the autoencoder vq-f4: FFHQ, CelebA-HQ and LSUN bedrooms have one configuration. */
const LDM_VQ_4 = {
  linear_start: 0.0015,
  linear_end: 0.0195,
  timesteps: 1000,
  image_size: 64,
  channels: 3,
  cond_stage_config: '__is_unconditional__',
  unet_config: {
    target: 'ldm.modules.diffusionmodules.openaimodel.UNetModel',
    params: {
      image_size: 64,
      in_channels: 3,
      out_channels: 3,
      model_channels: 224,
      attention_resolutions: [8, 4, 2],
      num_res_blocks: 2,
      channel_mult: [1, 2, 3, 4],
      num_head_channels: 32,
    },
  },
  first_stage_config: {
    target: 'ldm.models.autoencoder.VQModelInterface',
    params: {
      embed_dim: 3,
      n_embed: 8192,
      ddconfig: {
        double_z: false,
        z_channels: 3,
        in_channels: 3,
        out_ch: 3,
        ch: 128,
        ch_mult: [1, 2, 4],
        num_res_blocks: 2,
        attn_resolutions: [],
      },
    },
  },
};

/** By the names that CompVis's files of configurations have. */
export const COMPVIS_MODELS = {
  'ffhq-ldm-vq-4': LDM_VQ_4,
  'celebahq-ldm-vq-4': LDM_VQ_4,
  'lsun_bedrooms-ldm-vq-4': LDM_VQ_4,
} as const;
export type CompvisModelName = keyof typeof COMPVIS_MODELS;
