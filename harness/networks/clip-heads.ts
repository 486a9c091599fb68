import type { z } from 'zod';

/** Refuses heads that do not divide a transformer's width. */
export function headsFit(
  config: { readonly hidden_size: number; readonly num_attention_heads: number },
  ctx: z.RefinementCtx,
): void {
  if (config.hidden_size % config.num_attention_heads === 0) return;
  const message = `expected a divisor of hidden_size ${config.hidden_size}`;
  ctx.addIssue({ code: 'custom', path: ['num_attention_heads'], message });
}
