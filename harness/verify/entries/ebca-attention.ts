import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import { crossAttentionLayer } from '../../networks/cross-attention.ts';
import { ShapeList } from '../../networks/parameter-shapes.ts';
import { contextUpdate } from '../../solvers/parts/energy.ts';
import { evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import type { NetworkKind } from '../network.ts';
import { readParams } from '../unsupported.ts';

const configSchema = z.strictObject({
  query_dim: z.int(),
  cross_attention_dim: z.int(),
  heads: z.int(),
  dim_head: z.int(),
});

const attentionKind: NetworkKind<typeof configSchema> = {
  schema: configSchema,
  parameters({ query_dim: pixels, cross_attention_dim: context, heads, dim_head }) {
    const shapes = new ShapeList();
    const width = heads * dim_head;
    shapes.linear('to_q', pixels, width, false);
    shapes.linear('to_k', context, width, false);
    shapes.linear('to_v', context, width, false);
    shapes.linear('to_out.0', width, pixels);
    return shapes.specs;
  },
};

const paramsSchema = z.strictObject({
  gamma_attn: z.number(),
  gamma_norm: z.number(),
  /** Of the conditional branch, the second half of the batch. */
  token_indices: z.array(z.int()),
  token_upweight: z.array(z.number()),
  mask_resize: z.literal('bilinear_align_corners'),
});

/** hidden_states [B,N,C], context [B,L,D], mask [1,1,H,W] -> output, context_update. */
export const ebcaAttention: Entry = {
  name: 'ebca.attention',
  async run(given) {
    const p = readParams(paramsSchema, given.params);
    const { config, params } = given.networkOf('attention', attentionKind);
    const inputs = {
      hidden: given.tensor('hidden_states'),
      context: given.tensor('context'),
      mask: given.tensor('mask'),
    };
    const [batch, tokens] = inputs.context.shape as [number, number];
    const attn = Array.from({ length: batch * tokens }, (_, i) => {
      const upweighted = i < (batch * tokens) / 2 ? -1 : p.token_indices.indexOf(i % tokens);
      return p.gamma_attn * (p.token_upweight[upweighted] ?? 1);
    });
    const gains = { attn: tf.tensor(attn, [batch, tokens, 1]), norm: tf.scalar(p.gamma_norm) };
    return evaluate(given, { gradients: [], sums: [] }, inputs, ({ hidden, context, mask }) => {
      const layer = crossAttentionLayer(params, hidden!, config.heads);
      const masks = tf.tile(mask!, [batch, 1, 1, 1]);
      return { output: layer.attend(context!), context_update: contextUpdate(layer, context!, gains, masks) };
    });
  },
};
