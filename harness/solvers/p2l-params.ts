/** The knobs of P2L with the defaults of SOLVERS.md 1.4 and 1.6. */
import { z } from 'zod';
import { PROMPT } from './checked-parameters.ts';
import { eta, steps } from './reverse-steps.ts';

export const p2lParams = z.strictObject({
  steps,
  eta,
  promptSteps: z
    .number()
    .int()
    .min(0)
    .default(1)
    .describe('K, Adam steps on the prompt at each reverse step'),
  promptLr: z.number().positive().default(1e-4).describe("learning rate of the prompt's Adam"),
  promptOptimizerPersistent: z
    .boolean()
    .default(true)
    .describe("whether the prompt's Adam state lives across reverse steps"),
  promptLoss: z
    .enum(['sum-squares', 'mean-squares', 'norm'])
    .default('sum-squares')
    .describe('what the prompt minimises of the residual y - A D z0, for each image'),
  promptInit: z
    .string()
    .default('')
    .meta({ description: 'text whose embedding the prompt starts from', ...PROMPT }),
  proxEvery: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(8)
    .describe('projects at the steps n = N..1 with n % proxEvery = 1; null: never'),
  proxLambda: z.number().positive().default(1).describe('weight of ||x - D z0||^2 in the proximal step'),
  proxSolver: z
    .enum(['closed', 'cg'])
    .default('closed')
    .describe('closed form where the operator has one (else as cg), or conjugate gradients'),
  cgIters: z.number().int().min(1).default(5).describe('iterations of conjugate gradients'),
  projection: z
    .enum(['proximal', 'gluing', 're-encode'])
    .default('proximal')
    .describe("picture to encode: the proximal step's, PSLD's gluing, or D z0 itself"),
  encodeMode: z
    .enum(['mean', 'sample'])
    .default('mean')
    .describe("what the projection takes of the encoder's posterior"),
  epsAfterProx: z
    .enum(['keep', 'recompute'])
    .default('keep')
    .describe(
      'noise of the DDIM step after a projection: the network keeps its say, or it is made to fit the new z0',
    ),
  latentStep: z
    .number()
    .min(0)
    .default(1)
    .describe('step size on the gradient of ||y - A D z0|| (0.05 in a public port)'),
  latentStepMode: z
    .enum(['plain', 'adam'])
    .default('plain')
    .describe('gradient step, or Adam with latentStep as its rate'),
  cfgScale: z.number().min(0).default(1).describe('classifier-free guidance; 1 is the tuned prompt alone'),
  initLatent: z
    .enum(['noise', 'EAty'])
    .default('noise')
    .describe('start: Gaussian noise, or E(A^T y) noised to the first time step'),
});

export type P2lParams = z.infer<typeof p2lParams>;
