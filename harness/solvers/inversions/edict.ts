import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { guidanceScale } from '../checked-parameters.ts';
import { guided } from '../parts/guidance.ts';
import { defineInversion } from './inversion.ts';
import { guidedPasses, steps, strength, walked } from './parameters.ts';
import { type WayAt, walk, way } from './way.ts';

/**
 * EDICT (arXiv 2211.12446, Algorithms 1 and 2): two latents that take turns, each moved by the noise that is predicted at the
 * other, so that every step can be undone; then mixed. Both ways use the same guidance.
 */
export default defineInversion({
  name: 'edict',
  title: 'EDICT',
  version: 1,
  paper: 'Wallace, Gokul and Naik, CVPR 2023 (arXiv 2211.12446)',
  params: z.strictObject({
    steps,
    strength,
    cfgScale: guidanceScale('classifier-free guidance, both ways; 1 is the prompt alone', 3),
    mixing: z.number().positive().max(1).default(0.93).describe('p, the share that a latent keeps of itself'),
    leapfrog: z.boolean().default(true).describe('whether the latent that moves first alternates'),
  }),
  passes: (p) => 4 * walked(p) * guidedPasses(p.cfgScale),
  async remake({ z0, source, target, empty }, prior, p, run) {
    type S = { z: Tensor; w: Tensor };
    const predict = guided(prior, empty, p.cfgScale);
    const e = (x: Tensor, { down: at }: WayAt, c: Tensor) => at.noise(x, predict(x, at.t, c));
    const mixed = (a: Tensor, b: Tensor) => tf.add(tf.mul(p.mixing, a), tf.mul(1 - p.mixing, b));
    const unmixed = (a: Tensor, b: Tensor) => tf.div(tf.sub(a, tf.mul(1 - p.mixing, b)), p.mixing);

    // Down.
    const down = [
      run.step(({ z, w }: S, at: WayAt) => ({ z: at.along(z, e(w, at, target)) })),
      run.step(({ z, w }: S, at: WayAt) => ({ w: at.along(w, e(z, at, target)) })),
    ] as const;
    const mix = run.step(({ z, w }: S, _: WayAt) => {
      const first = mixed(z, w);
      return { z: first, w: mixed(w, first) };
    });
    // And up: the same, undone from the last to the first.
    const unmix = run.step(({ z, w }: S, _: WayAt) => {
      const second = unmixed(w, z);
      return { w: second, z: unmixed(z, second) };
    });
    const up = [
      run.step(({ z, w }: S, at: WayAt) => ({ z: at.up(z, e(w, at, source)) })),
      run.step(({ z, w }: S, at: WayAt) => ({ w: at.up(w, e(z, at, source)) })),
    ] as const;

    const grid = way(prior, p);
    const N = grid.legs.length / 2;
    /** Of the latent that moves first on a leg down, counted from the top. */
    const first = (leg: number) => (p.leapfrog && leg % 2 === 1 ? 1 : 0);
    return walk<S, WayAt>(
      run,
      grid,
      { z: z0, w: z0 },
      {
        async up(s, at) {
          const a = first(at.n - N - 1);
          s = await unmix(s, at);
          s = await up[a === 0 ? 1 : 0](s, at);
          return up[a](s, at);
        },
        async down(s, at) {
          const a = first(N - at.n);
          s = await down[a](s, at);
          s = await down[a === 0 ? 1 : 0](s, at);
          return mix(s, at);
        },
      },
    );
  },
});
