import { z } from 'zod';
import { headsFit } from './clip-heads.ts';
import { layers } from './limits.ts';

const count = z.number().int().positive();

/** The keys of transformers' CLIPTextConfig (v4.27.1), with its defaults. */
export const clipTextConfigSchema = z
  .object({
    vocab_size: count.default(49408),
    hidden_size: count.default(512),
    intermediate_size: count.default(2048),
    num_hidden_layers: layers.default(12),
    num_attention_heads: count.default(8),
    max_position_embeddings: count.default(77),
    hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
    layer_norm_eps: z.number().positive().default(1e-5),
  })
  .superRefine(headsFit);

export type ClipTextConfig = z.infer<typeof clipTextConfigSchema>;
