import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { PROMPT, reverseSteps } from './checked-parameters.ts';
import { amountsShape, whitened } from './inversions/whitened-noise.ts';
import { composed, type Editorials, editorial, editorialAt, strengthsOf } from './parts/compositions.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { type Levels, withLevels } from './parts/levels.ts';
import { afterLowerInversion } from './parts/lower-inversion.ts';
import { defineSolver } from './solver.ts';

function prompt(description: string) {
  return z
    .union([z.string(), z.strictObject({ from: z.literal('caption') })])
    .default({ from: 'caption' })
    .meta({ description, ...PROMPT });
}

/**
 * EBCA's editing of real pictures (arXiv 2306.09869, section 4): the picture is inverted under its caption and made again under
 * it, where the layers of cross-attention also attend to the wanted text, and away from another one (CACAO).
 */
export default defineSolver({
  solves: 'edit',
  name: 'ebca-edit',
  title: 'EBCA, edit',
  version: 1,
  paper: 'Park, Kim, Kim, Lee and Ye, NeurIPS 2023 (arXiv 2306.09869)',
  requires: { autoencoder: true, text: true, crossAttention: true },
  params: z.strictObject({
    steps: reverseSteps(50, 2),
    cfgScale: z.number().min(0).default(7.5).describe('classifier-free guidance on the way down'),
    prompt: prompt('what the picture is made again under, by default its own caption'),
    nullPrompt: prompt('text of the unconditional prediction, by default the same'),
    add: editorial({
      alpha: 0.75,
      alphaFrom: 0.5,
      gammaAttn: 6e-4,
      gammaNorm: 6e-4,
      gammaFrom: 0.5,
    }).describe('how the wanted text enters the attention'),
    removePrompt: prompt('what is taken away, by default what the picture shows'),
    remove: editorial({
      alpha: 0.65,
      alphaFrom: 0.5,
      gammaAttn: 5e-4,
      gammaNorm: 5e-4,
      gammaFrom: 0.5,
    }).describe('how it is taken away'),
    regularisation: z
      .int()
      .min(0)
      .default(5)
      .describe('steps that whiten the predicted noise of the way up; 0: none'),
    rolls: z
      .int()
      .min(1)
      .default(5)
      .describe('of each of them: steps against correlation of the noise with itself'),
  }),
  /** The way up ends at the noisiest time; two passes a step down. */
  passes: (p) => 3 * p.steps - 1,
  async solve({ x, captions, targets, mask }, prior, p, run) {
    const embed = (prompts: readonly string[]) => prior.text.embed(prompts);
    const [source, wanted] = [embed(captions), embed(targets)];
    const main = {
      u: embed(run.each(p.nullPrompt, captions)),
      c: embed(run.each(p.prompt, captions)),
      w: p.cfgScale,
    };
    const removed = embed(run.each(p.removePrompt, captions));
    const predict = composed(prior, main, mask ?? null);

    const compositions = [
      { c: wanted, strengths: p.add, sign: 1 },
      { c: removed, strengths: p.remove, sign: -1 },
    ] as const;

    type S = { z: Tensor; editorials: Editorials };
    type At = DdimAt & Levels;
    const invert = run.step(({ z }: S, at: At, { amounts }: { amounts?: Tensor }) => {
      const predicted = at.noise(z, prior.predict(z, at.t, source));
      const e = amounts ? whitened(predicted, amounts) : predicted;
      const z0 = tf.div(tf.sub(z, tf.mul(at.from.noise, e)), at.from.signal);
      return { z: at.ddim(z0, e) };
    });
    const edit = run.step(({ z, ...s }: S, at: At, { strengths }: { strengths: Tensor }) => {
      const { guided, editorials } = predict(z, at, s.editorials, strengths);
      return { z: at.ddim(at.clean(z, guided), at.noise(z, guided)), editorials };
    });

    const shape = amountsShape(p, prior.shape);
    const editorials = { empty: tf.clone(main.u), told: compositions.map(({ c }) => tf.clone(c)) };
    let s: S = { z: prior.autoencoder.encode(x), editorials };
    const grid = afterLowerInversion(prior, ddim(prior, { steps: p.steps, eta: 0 }));
    for (const at of run.steps(withLevels(prior, grid))) {
      if (at.next > at.t) {
        s = await invert(s, at, p.regularisation > 0 ? { amounts: run.uniform('step', shape) } : {});
      } else {
        const i = p.steps - at.n;
        const editorial = compositions.map(({ strengths, sign }) => editorialAt(strengths, sign, i, p.steps));
        s = await edit(s, at, { strengths: strengthsOf([{ share: 1, attn: 0, norm: 0 }, ...editorial]) });
      }
    }
    return prior.autoencoder.decode(s.z);
  },
});
