import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Prior } from '../priors/prior.ts';
import { innerIterations } from './checked-parameters.ts';
import {
  type AnnealingAt,
  annealing,
  type Denoise,
  denoiser,
  type EulerLeg,
  eulerLegs,
  eulerStep,
} from './parts/annealing.ts';
import { sumSquares } from './parts/gradients.ts';
import { hamiltonian, langevin, metropolis } from './parts/markov-chains.ts';
import type { Run } from './run.ts';
import { defineSolver } from './solver.ts';

/** DAPS's parameters, which are the same in both spaces, with the usual values of one. */
export const dapsParams = (usual: {
  steps: number;
  sigmaMax: number;
  odeSteps: number;
  odeSigmaMin: number;
  mcmc: 'langevin' | 'hmc';
  mcmcSteps: number;
  lr: number;
  lrMinRatio: number;
  momentum: number;
}) => ({
  steps: z.int().min(1).default(usual.steps).describe('N_A, annealing levels'),
  sigmaMax: z.number().positive().default(usual.sigmaMax).describe('noise level of the start'),
  sigmaMin: z.number().positive().default(0.1).describe('end of the levels, itself not visited'),
  odeSteps: z.int().min(1).default(usual.odeSteps).describe('N_ode, Euler steps to each estimate'),
  odeSigmaMin: z.number().positive().default(usual.odeSigmaMin).describe('noise level where they end'),
  mcmc: z
    .enum(['langevin', 'hmc', 'metropolis-hastings'])
    .default(usual.mcmc)
    .describe('Markov chain that samples x0; the last takes no gradient'),
  mcmcSteps: innerIterations(usual.mcmcSteps, 'N, moves of the chain at each level'),
  lr: z.number().positive().default(usual.lr).describe('eta_0, step size of the chain at the first level'),
  lrMinRatio: z
    .number()
    .positive()
    .default(usual.lrMinRatio)
    .describe('delta, what is left of eta_0 at the last level'),
  tau: z.number().positive().default(0.01).describe('beta_y, standard deviation of y that the chain assumes'),
  momentum: z.number().min(0).max(1).default(usual.momentum).describe("share of hmc's velocity that stays"),
  priorTerm: z
    .enum(['gaussian', 'score'])
    .default('gaussian')
    .describe(
      "p(x0 | x_t) in gradients: N(x0_hat, sigma^2), or the network's score at each move (public code: exact)",
    ),
  priorSigmaMin: z.number().positive().default(0.01).describe('noise level of that score'),
  variant: z
    .enum(['paper', 'public-code'])
    .default('paper')
    .describe('public-code: langevin and hmc take ||y - A x0||^2 / tau^2, without the 1/2 of a likelihood'),
});

/** Levels fall from sigmaMax to sigmaMin, and each estimate's from its level to odeSigmaMin. */
export function levelsFall({
  sigmaMax,
  sigmaMin,
  odeSigmaMin,
}: Pick<DapsParams, 'sigmaMax' | 'sigmaMin' | 'odeSigmaMin'>): boolean {
  return odeSigmaMin <= sigmaMin && sigmaMin < sigmaMax;
}
export const LEVELS_FALL = { path: ['sigmaMin'], message: 'expected odeSigmaMin <= sigmaMin < sigmaMax' };

type DapsParams = z.infer<z.ZodObject<ReturnType<typeof dapsParams>>>;

/** Forward passes of DAPS where one prediction takes one. */
export function dapsPasses({ steps, odeSteps, mcmc, mcmcSteps, priorTerm }: DapsParams): number {
  return steps * (odeSteps + (priorTerm === 'score' && mcmc !== 'metropolis-hastings' ? mcmcSteps : 0));
}

/**
 * Algorithm 1 in the space that the prior diffuses: a sample of x_0 given y.
 * @param misfit ||y - A x_0||^2 of each image, [B,...] -> [B]
 * @param bound what is done to its gradient
 */
export async function decoupledAnnealing(
  {
    prior,
    denoise,
    misfit,
    bound = (g) => g,
  }: {
    prior: Prior;
    denoise: Denoise;
    misfit: (x0: Tensor) => Tensor;
    bound?: (gradient: Tensor) => Tensor;
  },
  p: DapsParams,
  run: Run,
): Promise<Tensor> {
  /** x_t, the estimate of x_0, the point that ODE and chain move, and its velocity. */
  type S = { x: Tensor; x0: Tensor; u: Tensor; v: Tensor };
  const over = (variance: Tensor, a: Tensor, b: Tensor) => tf.div(tf.sub(a, b), variance);
  const likelihood = (p.variant === 'paper' ? 0.5 : 1) / p.tau ** 2;

  // grad_{x_0} of log p(x_0 | x_t) + log p(y | x_0) at u.
  const score = ({ x, x0, u }: S, sigma: Tensor) => {
    const gradient = bound(tf.grad((u) => tf.sum(misfit(u)))(u));
    const pull = over(tf.square(sigma), p.priorTerm === 'gaussian' ? x0 : x, u);
    const s = tf.sub(pull, tf.mul(likelihood, gradient));
    if (p.priorTerm === 'gaussian') return s;
    const [least, t] = [tf.scalar(p.priorSigmaMin), tf.scalar(prior.schedule.timeOf(p.priorSigmaMin))];
    return tf.add(s, over(tf.square(least), denoise(u, least, t), u));
  };
  const logDensity = (x0: Tensor, sigma: Tensor) => (u: Tensor) =>
    tf.neg(
      tf.add(
        tf.div(misfit(u), 2 * p.tau ** 2),
        tf.div(sumSquares(tf.sub(u, x0)), tf.mul(2, tf.square(sigma))),
      ),
    );

  // Line 3: the estimate x_0(x_t), by the probability-flow ODE.
  const descend = run.step((s: S, _: AnnealingAt, leg: EulerLeg) => {
    const u = eulerStep(denoise, s.u, leg);
    return { u, x0: u };
  });
  const push = run.step((_: S, __: AnnealingAt, { v }: { v: Tensor }) => ({ v }));
  // Lines 4 to 7: a move of the chain.
  const move = run.step(
    (s: S, { sigma, rate }: AnnealingAt, { n, uniform }: { n: Tensor; uniform?: Tensor }) => {
      if (uniform) return { u: metropolis(s.u, logDensity(s.x0, sigma), rate, n, uniform) };
      if (p.mcmc === 'hmc') return hamiltonian(s, score(s, sigma), rate, p.momentum, n);
      return { u: langevin(s.u, score(s, sigma), rate, n) };
    },
  );
  // Line 8: x_0 is noised anew, to the next level; at the last there is none.
  const renoise = run.step((s: S, at: AnnealingAt, { n }: { n?: Tensor }) => {
    const x = n ? at.renoise(s.u, n) : s.u;
    return { x, u: x };
  });

  const normal = () => run.normal('step', prior.shape);
  const grid = annealing(prior, p);
  const x = tf.mul(p.sigmaMax, run.normal('initial', prior.shape));
  let s: S = { x, x0: x, u: x, v: x };
  for (const at of run.steps(grid)) {
    for (const leg of eulerLegs(prior, grid.sigmaAt(at), p.odeSigmaMin, p.odeSteps))
      s = await descend(s, at, leg);
    if (p.mcmc === 'hmc') s = await push(s, at, { v: normal() });
    for (let j = 0; j < p.mcmcSteps; j++) {
      const n = normal();
      s = await move(
        s,
        at,
        p.mcmc === 'metropolis-hastings' ? { n, uniform: run.uniform('step', []) } : { n },
      );
    }
    s = await renoise(s, at, at.n > 1 ? { n: normal() } : {});
  }
  return s.x;
}

/**
 * DAPS, decoupled annealing posterior sampling (arXiv 2407.01521, Algorithm 1): at each noise level an estimate of x_0 by the
 * ODE, a Markov chain around it towards y, and noise of the next level. Linear and nonlinear tasks; no gradient through the
 * network.
 */
export default defineSolver({
  name: 'daps',
  title: 'DAPS',
  version: 1,
  paper: 'Zhang et al., CVPR 2025 (arXiv 2407.01521)',
  requires: { pixels: true },
  params: z
    .strictObject(
      dapsParams({
        steps: 200,
        sigmaMax: 100,
        odeSteps: 5,
        odeSigmaMin: 0.01,
        mcmc: 'langevin',
        mcmcSteps: 100,
        lr: 1e-4,
        lrMinRatio: 0.01,
        momentum: 0.9,
      }),
    )
    .refine(levelsFall, LEVELS_FALL),
  passes: dapsPasses,
  solve({ y, A }, prior, p, run) {
    const denoise = denoiser(prior, prior.predict);
    const misfit = (x0: Tensor) => sumSquares(tf.sub(y, A.forward(x0)));
    return decoupledAnnealing({ prior, denoise, misfit }, p, run);
  },
});
