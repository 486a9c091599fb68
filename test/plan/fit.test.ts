import { describe, expect, it } from 'vitest';
import { lackOfPrior, lackOfTask } from '../../harness/plan/fit.ts';
import { solvers } from '../../harness/solvers/index.ts';
import { restorations } from '../../harness/tasks/index.ts';

const latent = ['ldps', 'gml-dps', 'psld', 'p2l', 'latent-daps'];
const pixels = ['ddnm', 'dds', 'daps', 'projdiff'];

describe.each([
  ['latents with prompts', ['autoencoder', 'text'], latent],
  ['pictures with learned variance', ['pixels', 'learnedVariance'], ['dps', 'mcg', ...pixels]],
  ['pictures', ['pixels'], pixels],
  ['latents without prompts', ['autoencoder'], []],
] as const)('a prior of %s', (_, parts, fitting) => {
  it('fits those that require no more', () => {
    expect(solvers.filter((solver) => lackOfPrior(solver, parts) === null).map(({ name }) => name)).toEqual(
      fitting,
    );
  });
});

it('a prior that does not say what it has may be tried with any', () => {
  expect(solvers.map((solver) => lackOfPrior(solver, undefined))).toEqual(solvers.map(() => null));
});

it('what is missing is said in words', () => {
  const dps = solvers.find(({ name }) => name === 'dps')!;
  expect(lackOfPrior(dps, ['autoencoder', 'text'])).toBe(
    'dps requires a prior of the pictures themselves and a prior with learned variance',
  );
});

it('DDNM works where the operator has a pseudo-inverse', () => {
  const ddnm = solvers.find(({ name }) => name === 'ddnm')!;
  const lacking = restorations.filter((task) => lackOfTask(ddnm, task) !== null).map(({ name }) => name);
  expect(lacking).toEqual(['gaussian-deblurring', 'motion-deblurring']);
});

it('ProjDiff works where the operator measures all parts of a picture equally well', () => {
  const projdiff = solvers.find(({ name }) => name === 'projdiff')!;
  const lacking = restorations.filter((task) => lackOfTask(projdiff, task) !== null).map(({ name }) => name);
  expect(lacking).toEqual(['super-resolution', 'gaussian-deblurring', 'motion-deblurring']);
});
