import { z } from 'zod';
import { headsFit } from './clip-heads.ts';
import { clipTextConfigSchema } from './clip-text-config.ts';
import { layers } from './limits.ts';

const count = z.number().int().positive();

/** The keys of transformers' CLIPVisionConfig (v4.27.1), with its defaults. */
export const clipVisionConfigSchema = z
  .object({
    hidden_size: count.default(768),
    intermediate_size: count.default(3072),
    num_hidden_layers: layers.default(12),
    num_attention_heads: count.default(12),
    num_channels: z.literal(3).default(3),
    /** Side of a picture and of a patch, in pixels. */
    image_size: count.default(224),
    patch_size: count.default(32),
    hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
    layer_norm_eps: z.number().positive().default(1e-5),
  })
  .superRefine(headsFit);

/** transformers' CLIPConfig. */
export const clipConfigSchema = z.object({
  text_config: clipTextConfigSchema,
  vision_config: clipVisionConfigSchema,
  projection_dim: count.default(512),
});

/** transformers' CLIPVisionModelWithProjection: the vision tower alone. */
export const clipImageConfigSchema = clipVisionConfigSchema.safeExtend({
  projection_dim: count.default(512),
});

export type ClipVisionConfig = z.infer<typeof clipVisionConfigSchema>;
export type ClipImageConfig = z.infer<typeof clipImageConfigSchema>;
export type ClipConfig = z.infer<typeof clipConfigSchema>;
