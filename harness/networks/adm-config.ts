import { z } from 'zod';
import { layers } from './limits.ts';

const count = z.number().int().positive();
/** -1 stands for "not given", as in the reference. */
const countOrUnset = z.union([count, z.literal(-1)]).default(-1);

/**
 * The arguments of guided-diffusion's UNetModel (openai/guided-diffusion@22e0df8, guided_diffusion/unet.py), with its
 * defaults. Dropout and checkpointing have no part in sampling; float16 models are computed in float32.
 */
export const admConfigSchema = z
  .object({
    image_size: count,
    in_channels: count,
    model_channels: count,
    out_channels: count,
    num_res_blocks: layers,
    /** Factors of down-sampling at which there is attention, not sides of feature maps. */
    attention_resolutions: z.array(count),
    dropout: z.number().min(0).max(1).default(0),
    channel_mult: z.array(z.number().positive()).nonempty().max(16).default([1, 2, 4, 8]),
    conv_resample: z.boolean().default(true),
    dims: z.literal(2).default(2),
    num_classes: count.nullable().default(null),
    use_checkpoint: z.boolean().default(false),
    use_fp16: z.boolean().default(false),
    num_heads: count.default(1),
    num_head_channels: countOrUnset,
    num_heads_upsample: countOrUnset,
    use_scale_shift_norm: z.boolean().default(false),
    resblock_updown: z.boolean().default(false),
    use_new_attention_order: z.boolean().default(false),
    /**
     * Groups of every normalisation. No argument of the reference, whose GroupNorm32 always has 32: in a level of 32
     * channels each would be a group of its own, and the mean of a picture could not pass the head.
     */
    norm_groups: count.default(32),
  })
  .superRefine((config, ctx) => {
    const refuse = (key: keyof typeof config, message: string) =>
      ctx.addIssue({ code: 'custom', path: [key], message });
    const { channel_mult, model_channels, attention_resolutions, norm_groups } = config;
    const levels = channel_mult.map((mult) => Math.trunc(mult * model_channels));
    if (model_channels % 2) refuse('model_channels', 'expected an even number');
    if (levels.some((channels) => channels === 0 || channels % norm_groups)) {
      refuse('channel_mult', `gives levels of ${levels} channels; expected multiples of ${norm_groups}`);
    }
    const attended = [
      levels.at(-1)!,
      ...levels.filter((_, level) => attention_resolutions.includes(2 ** level)),
    ];
    for (const key of ['num_head_channels', 'num_heads', 'num_heads_upsample'] as const) {
      const ignored = key !== 'num_head_channels' && config.num_head_channels !== -1;
      const bad = attended.find((channels) => config[key] !== -1 && channels % config[key] !== 0);
      if (!ignored && bad !== undefined) refuse(key, `expected a divisor of ${bad}, a level's channels`);
    }
  });

export type AdmConfig = z.infer<typeof admConfigSchema>;
