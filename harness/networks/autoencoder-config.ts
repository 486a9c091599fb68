import { z } from 'zod';
import { layers, levels } from './limits.ts';

const count = z.number().int().positive();

/** Accepts the one value that this code implements; older files do not have the key. */
const only = <T extends boolean | null>(value: T) => z.literal(value).default(value as never);

/**
 * The keys of diffusers' AutoencoderKL config (v0.25.1), with its defaults, and of later versions those that would
 * change the network; options that are not implemented are refused by name.
 */
export const autoencoderConfigSchema = z
  .object({
    sample_size: count.default(32),
    in_channels: count.default(3),
    out_channels: count.default(3),
    latent_channels: count.default(4),
    block_out_channels: levels.default([64]),
    down_block_types: z.array(z.literal('DownEncoderBlock2D')).default(['DownEncoderBlock2D']),
    up_block_types: z.array(z.literal('UpDecoderBlock2D')).default(['UpDecoderBlock2D']),
    layers_per_block: layers.default(1),
    norm_num_groups: count.default(32),
    act_fn: z.literal('silu').default('silu'),
    scaling_factor: z.number().positive().default(0.18215),
    shift_factor: only(null),
    latents_mean: only(null),
    latents_std: only(null),
    use_quant_conv: only(true),
    use_post_quant_conv: only(true),
    mid_block_add_attention: only(true),
  })
  .superRefine((config, ctx) => {
    const refuse = (key: keyof typeof config, message: string) =>
      ctx.addIssue({ code: 'custom', path: [key], message });
    const channels = config.block_out_channels;
    for (const key of ['down_block_types', 'up_block_types'] as const) {
      if (config[key].length !== channels.length)
        refuse(key, `expected ${channels.length} entries, one for each of block_out_channels`);
    }
    const ungrouped = channels.find((n) => n % config.norm_num_groups !== 0);
    if (ungrouped !== undefined)
      refuse('norm_num_groups', `expected a divisor of ${ungrouped}, one of block_out_channels`);
  });

export type AutoencoderConfig = z.infer<typeof autoencoderConfigSchema>;
