// Functions of public samplers, against what their code gave: rescaled and thresholded guidance, and GLIDE's by CLIP.
import { describe, expect, it } from 'vitest';
import { type Json, officialRuns, withParams } from './official-runs.ts';

const verify = officialRuns();
const withParam = (changed: Json) => withParams((params) => ({ ...params, ...changed }));

it.each([
  ['guidance/cfg_rescale', ['eps', 'eps_rescaled']],
  ['guidance/static_threshold', ['x0_thresholded']],
  ['guidance/dynamic_threshold', ['x0_thresholded']],
  ['guidance/dynamic_threshold_imagen', ['x0_thresholded']],
  ['guidance/clip_ddpm', ['gradient', 'sample', 'pred_xstart']],
  ['guidance/clip_ddim', ['gradient', 'sample', 'pred_xstart']],
])('%s: all that the official code gives', async (name, outputs) => {
  const { status, reason, comparisons } = await verify(name);
  expect([status, reason]).toEqual(['passed', null]);
  expect(comparisons.map((comparison) => comparison.name)).toEqual(outputs);
});

describe('one constant that is another fails', () => {
  it.each([
    ['phi', 'guidance/cfg_rescale', { guidance_rescale: 0.69 }],
    ['the quantile', 'guidance/dynamic_threshold', { percentile: 0.94 }],
    ['the bound of its magnitude', 'guidance/dynamic_threshold', { max_value: 1.9 }],
    ['clipping in the place of a quantile', 'guidance/dynamic_threshold_imagen', { max_value: 1 }],
    ['the weight of the gradient', 'guidance/clip_ddpm', { guidance_scale: 3.01 }],
    ['the scale of the cosines', 'guidance/clip_ddim', { logit_scale: 99 }],
    ['the time that CLIP is told', 'guidance/clip_ddim', { t_network: 460 }],
    ['the moved mean in the place of the moved noise', 'guidance/clip_ddim', { mode: 'ddpm' }],
  ])('%s (%s)', async (_, name, changed) => {
    const { status, reason } = await verify(name, withParam(changed));
    expect([status, reason]).toEqual(['failed', null]);
  });
});
