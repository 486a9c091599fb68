import type { z } from 'zod';
import type { Compile } from '../engine/compile.ts';
import { normals } from '../engine/random.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { blindBlur, kernelCode } from '../operators/blind-blur.ts';
import { withNoise } from '../operators/noise.ts';
import type { Operator } from '../operators/operator.ts';
import type { Prior } from '../priors/prior.ts';
import { CallTally } from '../solvers/call-tally.ts';
import type { Calls, State, Visit } from '../solvers/run.ts';
import { type Lost, SamplingRun } from '../solvers/sampling-run.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Trace } from '../solvers/trace.ts';
import type { Given, Kind } from '../tasks/kinds.ts';
import { answerOf } from '../worker/answer.ts';
import { checkProgress } from '../worker/solver-reports.ts';
import { BatchStreams } from '../worker/streams.ts';

/** What the harness sees of one run. */
export interface Seen {
  readonly restored: Float32Array;
  readonly shape: readonly number[];
  readonly progress: readonly (readonly [number, number])[];
  readonly calls: Calls;
  readonly lost: ReadonlyMap<number, Lost>;
}

export interface RunOptions {
  readonly compile: Compile;
  readonly ids?: readonly string[];
  /** Of all pictures, or of each. */
  readonly seed?: number | readonly number[];
  onStep?(visit: Visit<unknown>, state: State): void;
  readonly trace?: Trace;
}

/** Runs a solver with the given parameters (defaults filled in), of all pictures or of each, as a worker does. */
export async function runSolver<K extends Kind>(
  solver: Solver<K>,
  given: Given[K],
  prior: Prior,
  params: z.input<z.ZodObject> | readonly z.input<z.ZodObject>[],
  { ids = ['a', 'b'], seed = 0, compile, onStep, trace }: RunOptions,
): Promise<Seen> {
  const seeds = typeof seed === 'number' ? ids.map(() => seed) : seed;
  const streams = new BatchStreams(seeds, ids);
  const progress: [number, number][] = [];
  const tally = new CallTally();
  const run = new SamplingRun({
    images: ids.map((id, i) => ({ id, seed: seeds[i]! })),
    compile,
    normal: (role, shape) => streams.normal(role, shape),
    uniform: (role, shape) => streams.uniform(role, shape),
    progress(done, total) {
      checkProgress(done, total);
      progress.push([done, total]);
    },
    tally,
    ...(onStep && { onStep }),
    ...(trace && { trace }),
  });
  const { data, shape } = await answerOf(
    solver,
    given,
    tally.watch(prior),
    ids.map((_, i) => solver.params.parse(Array.isArray(params) ? params[i] : params)),
    run,
    [ids.length, ...prior.imageShape],
  );
  const restored = data as Float32Array;
  return { restored, shape, progress, calls: tally.counts, lost: run.lost };
}

/** Standard normal numbers of a fixed draw. */
export function gaussian(draw: number, shape: readonly number[]): Tensor {
  const count = sizeOf(shape);
  return tf.tensor(normals({ seed: 1, role: 'sample', image: 'solvers', draw }, count), [...shape]);
}

/** Pictures that the prior can make, measured with a little noise. */
export function problemFor(
  prior: Prior,
  A: Operator,
  batch: number,
): Given['restore'] & { readonly truth: Tensor } {
  const drawn = gaussian(0, [batch, ...prior.shape]);
  const truth = prior.autoencoder ? prior.autoencoder.decode(drawn) : tf.mul(drawn, 0.5);
  const clean = A.forward(truth);
  const y = withNoise(A, clean, gaussian(1, clean.shape), 0.01);
  return { A, sigma: 0.01, noise: 'gaussian', y, truth };
}

/** Pictures that the prior can make, each blurred by one of a few kernels of 5 x 5 pixels, with a little noise. */
export function blindProblem(prior: Prior, batch: number): Given['blind'] {
  const kernels = tf.softmax(tf.mul(gaussian(3, [8, 25]), 2));
  const codes = kernelCode(tf.reshape(kernels, [8, 1, 5, 5]));
  const A = blindBlur({ size: 5, law: { is: 'examples', codes }, boundary: 'reflect' }, prior.imageShape);
  const truth = tf.mul(gaussian(0, [batch, ...prior.imageShape]), 0.5);
  const kernel = A.unknowns.kernel.decode(tf.slice(codes, 0, batch));
  const clean = A.forward(truth, { kernel });
  return { y: tf.add(clean, tf.mul(gaussian(1, clean.shape), 0.01)), A, sigma: 0.01 };
}

/** Pictures that the prior can make. */
export function picturesOf(prior: Prior, batch: number): Tensor {
  const drawn = gaussian(2, [batch, ...prior.shape]);
  return prior.autoencoder ? prior.autoencoder.decode(drawn) : tf.mul(drawn, 0.5);
}

/** Pictures that the prior can make, and three more with their bright and dark pixels told apart. */
export function labelledPictures(prior: Prior, batch: number): Given['segment'] {
  const [x, shown] = tf.split(picturesOf(prior, batch + 3), [batch, 3]) as [Tensor, Tensor];
  const labels = tf.cast(tf.greater(tf.mean(shown, 1), 0), 'int32');
  return { x, examples: { x: shown, labels, classes: ['dark', 'bright'] } };
}

/** Mean squared residual of the restored pictures. */
export async function misfit({ y, A }: Given['restore'], seen: Seen): Promise<number> {
  const x = tf.tensor(seen.restored, [...seen.shape]);
  return (await tf.mean(tf.square(tf.sub(y, A.forward(x)))).data())[0]!;
}
