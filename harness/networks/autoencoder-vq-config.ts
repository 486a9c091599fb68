import { z } from 'zod';
import { layers, levels } from './limits.ts';

const count = z.number().int().positive();
const NORM_GROUPS = 32;

/** Accepts the one value that this code implements; a file may lack the key. */
const only = <T extends boolean | string>(value: T) => z.literal(value).default(value as never);

/**
 * The arguments of CompVis's VQModelInterface (CompVis/latent-diffusion@a506df5, ldm/models/autoencoder.py). `ddconfig` goes to
 * its Encoder and Decoder; options that are not implemented are refused by name.
 */
export const vqConfigSchema = z.object({
  embed_dim: count,
  n_embed: count,
  remap: z
    .null('expected none: codebooks that use a part of their entries are not implemented')
    .default(null),
  ddconfig: z
    .object({
      double_z: z.literal(false, 'expected false: a codebook has no variance'),
      z_channels: count,
      in_channels: z.literal(3),
      out_ch: z.literal(3),
      ch: count.multipleOf(NORM_GROUPS, `expected a multiple of ${NORM_GROUPS}`),
      ch_mult: levels.refine(
        ([first]) => first === 1,
        'expected factors that begin with 1: the first level has ch channels',
      ),
      num_res_blocks: layers,
      attn_resolutions: z
        .array(count)
        .max(0, 'expected none: attention is implemented in the middle of the network only'),
      resamp_with_conv: only(true),
      use_linear_attn: only(false),
      attn_type: only('vanilla'),
      give_pre_end: only(false),
      tanh_out: only(false),
    })
    .transform((config) => ({ ...config, norm_num_groups: NORM_GROUPS })),
});

export type VqConfig = z.infer<typeof vqConfigSchema>;
