/** The mark of weights that were drawn at random: part of a prior's parameters, so it is stored with every result. */
import { expect, it } from 'vitest';
import { hasRandomWeights } from '../../harness/identity/random-weights.ts';
import { builtIn } from '../../harness/plan/built-in.ts';

const params = (prior: string, written: object) =>
  builtIn.priors
    .get(prior)!
    .params.parse({ path: 'model', ...(prior === 'compvis-ldm' && { model: 'ffhq-ldm-vq-4' }), ...written });

it.each(['stable-diffusion', 'guided-diffusion', 'compvis-ldm'])('%s has it where it is written', (prior) => {
  expect(hasRandomWeights({ params: params(prior, { random: true }) })).toBe(true);
});

it.each(['stable-diffusion', 'guided-diffusion', 'compvis-ldm'])(
  '%s without it has the key it always had',
  (prior) => {
    const without = params(prior, {});
    expect(JSON.parse(JSON.stringify(without))).not.toHaveProperty('random');
    expect(hasRandomWeights({ params: without })).toBe(false);
  },
);
