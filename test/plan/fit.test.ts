import { beforeAll, expect, it } from 'vitest';
import { lackOfPrior, lackOfTask } from '../../harness/plan/fit.ts';
import type { PriorPart } from '../../harness/priors/prior.ts';
import { solvers } from '../../harness/solvers/index.ts';
import { restorations } from '../../harness/tasks/index.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

/** One of each need. */
const ASKED = ['p2l', 'ldps', 'dps', 'ddnm', 'tikhonov'];

const prior = (parts: readonly PriorPart[] | undefined) => ({ name: 'mine', facts: { parts } });

it.each([
  ['latents with prompts', ['autoencoder', 'text'], ['p2l', 'ldps', 'tikhonov']],
  ['pictures with learned variance', ['pixels', 'learnedVariance'], ['dps', 'ddnm', 'tikhonov']],
  ['pictures', ['pixels'], ['ddnm', 'tikhonov']],
  ['latents without prompts', ['autoencoder'], ['ldps', 'tikhonov']],
] as const)('a prior of %s fits those that require no more', (_, parts, fitting) => {
  const fit = ASKED.filter((name) => {
    const solver = solvers.find((candidate) => candidate.name === name)!;
    return lackOfPrior(solver, [prior(parts)]) === null;
  });
  expect(fit).toEqual(fitting);
});

it('a prior that does not say what it has may be tried with any', () => {
  expect(solvers.map((solver) => lackOfPrior(solver, [prior(undefined)]))).toEqual(solvers.map(() => null));
});

it('what is missing is said in words', () => {
  const dps = solvers.find(({ name }) => name === 'dps')!;
  expect(lackOfPrior(dps, [prior(['autoencoder', 'text'])])).toBe(
    'dps requires a prior of the pictures themselves and a prior with learned variance (mine is none)',
  );
});

/** The tasks that a solver does not work on. */
function lacking(solver: string): string[] {
  const method = solvers.find(({ name }) => name === solver)!;
  return restorations.filter((task) => lackOfTask(method, task) !== null).map(({ name }) => name);
}

const NONLINEAR = ['nonlinear-deblurring', 'high-dynamic-range', 'jpeg-restoration', 'phase-retrieval'];

it('DDNM works where the operator has a pseudo-inverse', () => {
  const blurs = ['gaussian-deblurring', 'motion-deblurring', 'uniform-deblurring', 'anisotropic-deblurring'];
  expect(lacking('ddnm')).toEqual([...blurs, ...NONLINEAR]);
});

it('DDRM works where the operator has a singular value decomposition', () => {
  expect(lacking('ddrm')).toEqual(['motion-deblurring', ...NONLINEAR]);
});

it('P2L works where the operator is linear, DPS everywhere', () => {
  expect(lacking('p2l')).toEqual(NONLINEAR);
  expect(lacking('dps')).toEqual([]);
});

it('tasks say of themselves what their operators are', () => {
  const streams = new BatchStreams(0, ['a']);
  for (const task of restorations) {
    const A = task.operator(task.params.parse({}), [3, 64, 64], streams);
    expect([task.name, A.linear, A.pseudoInverse !== undefined, A.svd !== undefined]).toEqual([
      task.name,
      !task.nonlinear,
      task.pseudoInverse === true,
      task.svd === true,
    ]);
    A.dispose();
  }
});

it('ProjDiff works where the operator measures all parts of a picture equally well', () => {
  expect(lacking('projdiff')).toEqual([
    'super-resolution',
    'gaussian-deblurring',
    'motion-deblurring',
    'uniform-deblurring',
    'anisotropic-deblurring',
    'nonlinear-deblurring',
    'jpeg-restoration',
  ]);
});
