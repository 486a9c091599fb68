import { z } from 'zod';
import { clipText, clipTextParameterShapes, embedTokens, poolAtEnd } from '../../networks/clip-text.ts';
import { clipTextConfigSchema } from '../../networks/clip-text-config.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import type { NetworkKind } from '../network.ts';
import { readParams } from '../unsupported.ts';

const clipTextKind: NetworkKind<typeof clipTextConfigSchema> = {
  schema: clipTextConfigSchema,
  parameters: clipTextParameterShapes,
};
const paramsSchema = z.strictObject({
  ...derivedParams,
  pooling: z.literal('argmax_id'),
  causal: z.literal(true),
  attention_mask: z.null(),
});

/** input_ids [B,L] -> last_hidden_state [B,L,D], pooler_output [B,D]; gradients of token_embeddings [B,L,D]. */
export const clipTextForward: Entry = {
  name: 'clip_text.forward',
  run(given) {
    const derived = readParams(paramsSchema, given.params);
    const { config, params } = given.network(clipTextKind);
    const ids = given.tensor('input_ids');
    const variables = { token_embeddings: embedTokens(params, ids) };
    return evaluate(given, derived, variables, ({ token_embeddings: tokens }) => {
      const hidden = clipText(params, config, tokens!);
      return { last_hidden_state: hidden, pooler_output: poolAtEnd(hidden, ids) };
    });
  },
};
