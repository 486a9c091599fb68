/** Compositions of prompts by energy-based cross-attention (EBCA, arXiv 2306.09869), under classifier-free guidance. */
import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prediction, PriorWith } from '../../priors/prior.ts';
import { type Gains, nested, sum } from './energy.ts';
import type { At } from './grids.ts';
import { towards } from './guidance.ts';

/** How an editorial context enters. */
export interface Editorial {
  readonly alpha: number;
  readonly alphaFrom: number;
  readonly gammaAttn: number;
  readonly gammaNorm: number;
  readonly gammaFrom: number;
}

export function editorial(usual: Editorial) {
  const size = z.number().min(0);
  const share = z.number().min(0).max(1);
  const fields = z.strictObject({
    alpha: size.default(usual.alpha).describe('weight of its attention; that of the prompt is 1'),
    alphaFrom: share.default(usual.alphaFrom).describe('share of the steps before it has a weight'),
    gammaAttn: size.default(usual.gammaAttn).describe('step size towards what attends to it'),
    gammaNorm: size.default(usual.gammaNorm).describe('step size away from long keys'),
    gammaFrom: share.default(usual.gammaFrom).describe('share of the steps before it is updated'),
  });
  return fields.default({ ...usual });
}

/** What one context does at a step. */
interface Strength {
  readonly share: number;
  readonly attn: number;
  readonly norm: number;
}

/** Of an editorial context at step i of N; `sign` -1 takes away what it says. */
export function editorialAt(p: Editorial, sign: 1 | -1, i: number, N: number): Strength {
  const from = (start: number, value: number) => (i < Math.floor(N * start) ? 0 : value);
  return {
    share: sign * from(p.alphaFrom, p.alpha),
    attn: from(p.gammaFrom, p.gammaAttn),
    norm: from(p.gammaFrom, p.gammaNorm),
  };
}

/** [contexts,3], as a step is given it: the main context first. */
export function strengthsOf(strengths: readonly Strength[]): Tensor {
  return tf.tensor2d(strengths.map(({ share, attn, norm }) => [share, attn, norm]));
}

/** Contexts that are carried from step to step. */
export type Editorials = {
  /** The partner of all of them in the unconditional pass. */
  readonly empty: Tensor;
  readonly told: readonly Tensor[];
};

/** Both passes of a step. */
interface Composed {
  readonly unconditional: Prediction;
  readonly conditional: Prediction;
  readonly guided: Prediction;
  readonly editorials: Editorials;
}

/**
 * The passes under u and c, each updated by its own attention and afresh at every step, composed with the editorial contexts,
 * which keep their updates. In the unconditional pass one context stands for all of these and takes their mean update.
 */
export function composed(
  prior: PriorWith<'crossAttention'>,
  { u, c, w }: { readonly u: Tensor; readonly c: Tensor; readonly w: number },
  mask: Tensor | null = null,
): (x: Tensor, at: At, editorials: Editorials, strengths: Tensor) => Composed {
  return (x, { t }, { empty, told }, strengths) => {
    const [main, ...others] = rows(strengths);
    const mean = (of: 'attn' | 'norm') => tf.div(sum(others.map((other) => other[of])), others.length);
    const together = others.length > 0 && {
      share: sum(others.map(({ share }) => share)),
      attn: mean('attn'),
      norm: mean('norm'),
    };
    const without = nested([{ c: u, ...main! }, ...(together ? [{ c: empty, ...together }] : [])], mask);
    const withPrompt = nested([{ c, ...main! }, ...told.map((c, k) => ({ c, ...others[k]! }))], mask);
    const unconditional = prior.crossAttention.predict(x, t, without.attend);
    const conditional = prior.crossAttention.predict(x, t, withPrompt.attend);
    return {
      unconditional,
      conditional,
      guided: towards(unconditional, conditional, w),
      editorials: { empty: without.contexts()[1] ?? empty, told: withPrompt.contexts().slice(1) },
    };
  };
}

function rows(strengths: Tensor): (Gains & { readonly share: Tensor })[] {
  const [contexts] = strengths.shape as [number];
  const at = (i: number, j: number) => tf.reshape(tf.slice(strengths, [i, j], [1, 1]), []);
  return Array.from({ length: contexts }, (_, i) => ({ share: at(i, 0), attn: at(i, 1), norm: at(i, 2) }));
}
