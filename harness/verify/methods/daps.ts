import { z } from 'zod';
import { sandwich, toTensor } from '../../operators/matrix.ts';
import { resizeMatrix, triangle } from '../../operators/resize-matrix.ts';
import { linearBetaTime, linearRootTime } from '../../priors/continuous.ts';
import { discreteSchedule } from '../../priors/ddim.ts';
import type { PriorWith } from '../../priors/prior.ts';
import { type Schedule, scheduleFromConfig, schedulerConfigSchema } from '../../priors/schedule.ts';
import daps from '../../solvers/daps.ts';
import latentDaps from '../../solvers/latent-daps.ts';
import { latentPrior, pixelPrior } from '../case-priors.ts';
import type { Given } from '../given.ts';
import { defineMethod, type SolverRun } from '../solver-case.ts';

const CHAINS = { langevin: 'langevin', hmc: 'hmc', mh: 'metropolis-hastings' } as const;
const PRIOR_TERMS = { gaussian: 'gaussian', exact: 'score' } as const;

const chain = {
  sigma_max: z.number(),
  sigma_min: z.number(),
  rho: z.literal(7),
  ode_sigma_min: z.number(),
  mcmc_steps: z.int(),
  lr: z.number(),
  lr_min_ratio: z.number(),
  tau: z.number(),
  momentum: z.number().nullish(),
};

const pixelParameters = z.strictObject({
  ...chain,
  num_annealing_steps: z.int(),
  num_ode_steps: z.int(),
  mc_algo: z.enum(['langevin', 'hmc', 'mh']),
  prior_solver: z.enum(['gaussian', 'exact']),
  prior_sigma_min: z.number(),
});

const latent = {
  ...chain,
  annealing_steps: z.int(),
  ode_steps: z.int(),
  mcmc_algorithm: z.enum(['langevin', 'hmc', 'mh']),
  gradient_clip: z.number(),
  /** That of the autoencoder's config. */
  scaling_factor: z.number(),
};

const latentParameters = z.discriminatedUnion('preconditioning', [
  z.strictObject({
    ...latent,
    preconditioning: z.literal('vp_edm'),
    beta_d: z.number(),
    beta_min: z.number(),
    M: z.int(),
    guidance_scale: z.null(),
  }),
  z.strictObject({
    ...latent,
    preconditioning: z.literal('vp_scaled_linear'),
    beta_max: z.number(),
    beta_min: z.number(),
    guidance_scale: z.number(),
    inner_resolution: z.int(),
    target_resolution: z.int(),
  }),
]);
type LatentParameters = z.infer<typeof latentParameters>;

const schedule = z.strictObject({
  kind: z.literal('vp_continuous'),
  beta_min: z.number(),
  beta_d: z.number(),
  num_train_timesteps: z.int(),
});

/** The levels and times in it follow from the parameters. */
export const dapsMethod = defineMethod(
  'daps',
  {
    parameters: z.union([pixelParameters, latentParameters]),
    schedule: schedule.nullable(),
    sigmas: z.array(z.number()),
    sigmas_next: z.array(z.number()).optional(),
    ode_sigmas: z.array(z.array(z.number())).optional(),
    network_time: z.string().optional(),
    network_timesteps: z.array(z.number()).optional(),
    timesteps: z.null(),
    timesteps_next: z.null(),
    prediction_type: z.literal('epsilon'),
    variance_type: z.literal('learned_range').nullable(),
    clip_denoised: z.literal(false),
    noise: z.literal('gaussian'),
  },
  ({ parameters: p, schedule }, given): SolverRun => {
    const params = {
      sigmaMax: p.sigma_max,
      sigmaMin: p.sigma_min,
      odeSigmaMin: p.ode_sigma_min,
      mcmcSteps: p.mcmc_steps,
      lr: p.lr,
      lrMinRatio: p.lr_min_ratio,
      tau: p.tau,
      ...(typeof p.momentum === 'number' && { momentum: p.momentum }),
      variant: 'public-code',
    };
    if ('preconditioning' in p)
      return {
        solver: latentDaps,
        params: {
          ...params,
          steps: p.annealing_steps,
          odeSteps: p.ode_steps,
          mcmc: CHAINS[p.mcmc_algorithm],
          gradientClip: p.gradient_clip,
          prompt: 'c',
          cfgScale: p.guidance_scale ?? 1,
        },
        prior: latentPriorOf(p, given),
        recordsOnePicture: true,
      };
    const { beta_min: betaMin, beta_d: betaRange, num_train_timesteps: length } = schedule!;
    const timeOf = (sigma: number) => linearBetaTime(sigma, { betaMin, betaRange, scale: length - 1 });
    return {
      solver: daps,
      params: {
        ...params,
        steps: p.num_annealing_steps,
        odeSteps: p.num_ode_steps,
        mcmc: CHAINS[p.mc_algo],
        priorTerm: PRIOR_TERMS[p.prior_solver],
        priorSigmaMin: p.prior_sigma_min,
      },
      prior: pixelPrior(given, timed(timeOf)),
      startsAtXT: false,
    };
  },
);

/** DAPS asks a schedule for times only. */
function timed(timeOf: Schedule['timeOf']): Schedule {
  return { ...discreteSchedule(scheduleFromConfig(schedulerConfigSchema.parse({}))), timeOf };
}

function latentPriorOf(p: LatentParameters, given: Given): PriorWith<'autoencoder' | 'text'> {
  if (p.preconditioning === 'vp_edm') {
    const betas = { betaMin: p.beta_min, betaRange: p.beta_d, scale: p.M - 1 };
    return latentPrior(
      given,
      timed((sigma) => linearBetaTime(sigma, betas)),
    );
  }
  const betas = { betaMin: p.beta_min, betaMax: p.beta_max, scale: 1000 };
  const prior = latentPrior(
    given,
    timed((sigma) => linearRootTime(sigma, betas)),
  );
  return resized(prior, p.target_resolution);
}

/** The same whose decoder's pictures are brought to another size by bilinear interpolation. */
function resized<P extends PriorWith<'autoencoder'>>(prior: P, size: number): P {
  const [channels, inner] = prior.imageShape;
  const matrix = toTensor(resizeMatrix(inner, size, triangle, { antialias: false, boundary: 'edge' }));
  return {
    ...prior,
    imageShape: [channels, size, size],
    autoencoder: {
      ...prior.autoencoder,
      decode: (z) => sandwich(matrix, prior.autoencoder.decode(z), matrix),
    },
  };
}
