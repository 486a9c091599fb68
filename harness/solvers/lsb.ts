import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Prior } from '../priors/prior.ts';
import { linspace, type Schedule } from '../priors/schedule.ts';
import { PROMPT, reverseSteps, stepsOnExamples, TIME } from './checked-parameters.ts';
import { type At, type Grid, reading } from './parts/grids.ts';
import {
  type AfterLearning,
  afterLearning,
  exampleLatents,
  type Learned,
  learned,
  type Shown,
  unlearned,
} from './parts/prompt-learning.ts';
import { defineSolver } from './solver.ts';

/**
 * Latent Schroedinger bridge (LSB, arXiv 2411.14863): the probability flow of a bridge between two domains, whose velocity a
 * prior gives as a mixture of its estimates under the two prompts and its noise. In few steps. The prompts are the domains'
 * phrases, or are learned from pictures of the domains, for which the embedding is our reading: see docs/solvers/lsb.md.
 */
export default defineSolver({
  solves: 'translate',
  name: 'lsb',
  title: 'LSB',
  version: 1,
  paper: 'Latent Schroedinger Bridge, 2024 (arXiv 2411.14863)',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps: reverseSteps(8, 3),
    tau: z
      .number()
      .positive()
      .default(2.3)
      .describe("the bridge's noise: its deviation is tau sqrt(t (1 - t)), half of tau half-way"),
    t0: z.number().positive().lt(1).default(0.2).describe('where on the bridge the picture enters'),
    scale: z
      .number()
      .min(0)
      .default(11)
      .describe('weight of the way from the source estimate to the target one'),
    lastTime: z
      .int()
      .min(0)
      .default(19)
      .meta({
        description: "the prior's time to whose noise level the last estimate is brought",
        ...TIME,
      }),
    promptSteps: stepsOnExamples(
      "Adam steps on each domain's prompt, each on one of its example pictures; 0: the prompts as they are",
    ),
    promptLr: z.number().positive().default(1e-4).describe("learning rate of the prompts' Adam"),
    promptInit: z
      .string()
      .nullable()
      .default(null)
      .meta({ description: "text that both prompts start from; null: each domain's phrase", ...PROMPT }),
  }),
  passes: (p) => 2 * p.promptSteps + 2 * p.steps - 1,
  async solve({ x, from, to, examples }, prior, p, run) {
    type S = Record<'x' | 'y' | 'z', Tensor> & Record<'source' | 'target', Learned>;
    type LsbAt = AfterLearning<BridgeAt>;

    const learn = run.step(({ source, target }: S, { learning }: LsbAt, { ofSource, ofTarget }: Shown) => ({
      source: learned(prior, source, ofSource, learning, p.promptLr),
      target: learned(prior, target, ofTarget, learning, p.promptLr),
    }));

    /** The bridge's x as the prior knows its noise level: variance-preserving. */
    const seen = (x: Tensor, at: BridgeAt) => tf.mul(x, at.signal);
    const along = run.step(({ x, source, target }: S, { after: at }: LsbAt, { late }: { late: boolean }) => {
      const y = seen(x, at);
      const [ofSource, ofTarget] = [prior.predict(y, at.t, source.c), prior.predict(y, at.t, target.c)];
      const noise = at.noise(y, late ? ofTarget : ofSource);
      const change = tf.sub(at.clean(y, ofTarget), at.clean(y, ofSource));
      const velocity = tf.add(tf.mul(at.drift, noise), tf.mul(p.scale, change));
      return { x: tf.add(x, tf.mul(at.dt, velocity)), y };
    });
    const last = run.step(({ x, target }: S, { after: at }: LsbAt) => {
      const y = seen(x, at);
      const predicted = prior.predict(y, at.t, target.c);
      const { signal, noise } = prior.schedule.level(p.lastTime);
      return { y, z: tf.add(tf.mul(signal, at.clean(y, predicted)), tf.mul(noise, at.noise(y, predicted))) };
    });

    const z = prior.autoencoder.encodeSample(x, run.normal('initial', prior.shape));
    const deviation = p.tau * Math.sqrt(p.t0 * (1 - p.t0));
    const start = tf.add(tf.mul(1 - p.t0, z), tf.mul(deviation, run.normal('initial', prior.shape)));
    const [source, target] = [from, to].map((phrase) =>
      unlearned(prior.text.embed(run.each(p.promptInit ?? phrase))),
    ) as [Learned, Learned];
    let s: S = { x: start, y: z, z, source, target };

    const shown = p.promptSteps > 0 ? await exampleLatents(examples, prior, run) : null;
    const times = timesOf(p);
    for (const at of run.steps(afterLearning(prior, bridge(prior, p), p.promptSteps))) {
      if (at.n > p.steps) {
        s = await learn(s, at, shown!(p.promptSteps + p.steps - at.n));
        await run.trace({ sourceLoss: s.source.loss, targetLoss: s.target.loss });
      } else if (at.n > 1) s = await along(s, at, { late: times[p.steps - at.n]! > 0.5 });
      else s = await last(s, at);
    }
    return prior.autoencoder.decode(s.z);
  },
});

interface BridgeAt extends At {
  /** sqrt(abar) of the prior's level that has the bridge's ratio of signal to noise. */
  readonly signal: Tensor;
  /** Of the noise in the velocity: tau (1 - 2t) / (2 sqrt(t (1 - t))). */
  readonly drift: Tensor;
  readonly dt: Tensor;
}

interface Bridge {
  readonly steps: number;
  readonly tau: number;
  readonly t0: number;
}

/** From t0 towards 1, where the flow ends; as the public code, the last estimate is taken at the last time before. */
function timesOf({ steps, t0 }: Bridge): readonly number[] {
  const times = [...linspace(t0, 1, steps)].slice(0, -1);
  return [...times, times.at(-1)!];
}

function bridge(prior: Prior, p: Bridge): Grid<BridgeAt> {
  const { schedule, shape } = prior;
  const times = timesOf(p);
  const known = times.map((t) => timeOfAbar(schedule, 1 / (1 + p.tau ** 2 * t * (1 - t))));
  return {
    legs: known.map((t, i) => ({ t, next: known[i + 1] ?? -1 })),
    shape,
    coefficients: (legs) =>
      legs.map(({ t: time }, i) => {
        const t = times[i]!;
        const drift = (p.tau * (1 - 2 * t)) / (2 * Math.sqrt(t * (1 - t)));
        return { t: time, ...schedule.level(time), drift, dt: (1 - p.t0) / (p.steps - 1), fresh: 0 };
      }),
    at: (c) => ({ ...reading(prior, c), signal: c.signal!, drift: c.drift!, dt: c.dt! }),
  };
}

/** The trained time whose abar is next to the wanted one: evenly between neighbours in abar, then rounded. */
function timeOfAbar(schedule: Schedule, wanted: number): number {
  const abar = (t: number) => schedule.level(t).signal ** 2;
  let low = 0;
  while (low < schedule.length - 2 && abar(low + 1) >= wanted) low++;
  const between = (abar(low) - wanted) / (abar(low) - abar(low + 1));
  return Math.round(low + Math.min(Math.max(between, 0), 1));
}
