import { z } from 'zod';
import { layers, levels } from './limits.ts';

const count = z.number().int().positive();

/** Accepts the one value that this code implements; diffusers' files may leave it out. */
const only = <T extends string | number | boolean | null>(value: T) =>
  z.literal(value).default(value as never);

/**
 * The keys of diffusers' UNet2DConditionModel config (v0.25.1) that SD 1.x and 2.x use, with its defaults. Options that
 * would change the network and are not implemented are refused by name instead of being ignored.
 */
export const unetConfigSchema = z
  .object({
    sample_size: count.optional(),
    in_channels: count.default(4),
    out_channels: count.default(4),
    block_out_channels: levels.default([320, 640, 1280, 1280]),
    down_block_types: z
      .array(z.enum(['CrossAttnDownBlock2D', 'DownBlock2D']))
      .default(['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D']),
    up_block_types: z
      .array(z.enum(['CrossAttnUpBlock2D', 'UpBlock2D']))
      .default(['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D']),
    layers_per_block: layers.default(2),
    /** Misnamed in diffusers: the number of heads, for all levels or each. */
    attention_head_dim: z.union([count, z.array(count)]).default(8),
    num_attention_heads: z
      .union([count, z.array(count)])
      .nullable()
      .default(null),
    cross_attention_dim: count.default(1280),
    transformer_layers_per_block: layers.default(1),
    use_linear_projection: z.boolean().default(false),
    norm_num_groups: count.default(32),
    norm_eps: z.number().positive().default(1e-5),
    flip_sin_to_cos: z.boolean().default(true),
    freq_shift: z.number().default(0),
    act_fn: only('silu'),
    addition_embed_type: only(null),
    attention_type: only('default'),
    center_input_sample: only(false),
    class_embed_type: only(null),
    class_embeddings_concat: only(false),
    conv_in_kernel: only(3),
    conv_out_kernel: only(3),
    cross_attention_norm: only(null),
    downsample_padding: only(1),
    dual_cross_attention: only(false),
    encoder_hid_dim: only(null),
    encoder_hid_dim_type: only(null),
    mid_block_only_cross_attention: z.literal([false, null]).default(null),
    mid_block_scale_factor: only(1),
    mid_block_type: only('UNetMidBlock2DCrossAttn'),
    num_class_embeds: only(null),
    only_cross_attention: only(false),
    resnet_out_scale_factor: only(1),
    reverse_transformer_layers_per_block: only(null),
    resnet_skip_time_act: only(false),
    resnet_time_scale_shift: only('default'),
    time_cond_proj_dim: only(null),
    time_embedding_act_fn: only(null),
    time_embedding_dim: only(null),
    time_embedding_type: only('positional'),
    timestep_post_act: only(null),
  })
  .superRefine((config, ctx) => {
    const refuse = (key: keyof typeof config, message: string) =>
      ctx.addIssue({ code: 'custom', path: [key], message });
    const channels = config.block_out_channels;
    for (const key of [
      'down_block_types',
      'up_block_types',
      'attention_head_dim',
      'num_attention_heads',
    ] as const) {
      const value = config[key];
      if (Array.isArray(value) && value.length !== channels.length)
        refuse(key, `expected ${channels.length} entries, one for each of block_out_channels`);
    }
    const ungrouped = channels.find((n) => n % config.norm_num_groups !== 0);
    if (ungrouped !== undefined)
      refuse('norm_num_groups', `expected a divisor of ${ungrouped}, one of block_out_channels`);
    if (channels[0] % 2 !== 0) refuse('block_out_channels', 'expected an even number first');
    const key = config.num_attention_heads === null ? 'attention_head_dim' : 'num_attention_heads';
    const heads = config[key]!;
    const last = channels.length - 1;
    const undivided = channels.find((n, level) => {
      const attended =
        level === last ||
        config.down_block_types[level] === 'CrossAttnDownBlock2D' ||
        config.up_block_types[last - level] === 'CrossAttnUpBlock2D';
      return attended && n % (typeof heads === 'number' ? heads : (heads[level] ?? 1)) !== 0;
    });
    if (undivided !== undefined)
      refuse(key, `the number of heads: expected a divisor of ${undivided}, one of block_out_channels`);
  });

export type UnetConfig = z.infer<typeof unetConfigSchema>;
