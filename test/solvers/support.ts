import type { z } from 'zod';
import { type Compile, compileEager } from '../../harness/engine/compile.ts';
import { normals } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { gaussianBlur } from '../../harness/operators/gaussian-blur.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';
import type { LatentPrior, Prior } from '../../harness/priors/prior.ts';
import type { Solver, SolverContext } from '../../harness/solvers/solver.ts';
import type { InverseProblem } from '../../harness/tasks/task.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';

export const image = [3, 16, 16] as const;

export function gaussian(draw: number, shape: readonly number[]): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(normals({ seed: 1, role: 'sample', image: 'solvers', draw }, count), [...shape]);
}

export const operators: Record<string, () => Operator> = {
  'super-resolution': () => superResolution(4, image),
  'gaussian blur': () => gaussianBlur({ kernelSize: 7, sigma: 1 }, image),
  inpainting: () => inpainting(tf.tidy(() => tf.step(gaussian(99, [1, 1, 16, 16])))),
};

/** Pictures that the fake prior can make, measured with a little noise. */
export function problem(prior: LatentPrior, A: Operator, batch: number): InverseProblem & { truth: Tensor } {
  const truth = prior.decode(gaussian(0, [batch, ...prior.latentShape]));
  const clean = A.forward(truth);
  return { A, sigma: 0.01, y: tf.add(clean, tf.mul(gaussian(1, clean.shape), 0.01)), truth };
}

export interface Run {
  restored: Float32Array;
  progress: [number, number][];
  calls: Record<string, number>;
}

export interface RunOptions {
  ids?: readonly string[];
  seed?: number;
  compile?: Compile;
}

/** Runs a solver with the given parameters (defaults filled in) and returns what the harness would see. */
export async function run(
  solver: Solver,
  { y, A, sigma }: InverseProblem,
  prior: Prior,
  params: z.input<z.ZodObject>,
  { ids = ['a', 'b'], seed = 0, compile = compileEager }: RunOptions = {},
): Promise<Run> {
  const streams = new BatchStreams(seed, ids);
  const progress: [number, number][] = [];
  const calls: Record<string, number> = {};
  const ctx: SolverContext = {
    batch: ids.length,
    compile,
    normal: (role, shape) => streams.normal(role, shape),
    progress: (done, total) => progress.push([done, total]),
    count: (counts) => {
      for (const [name, n] of Object.entries(counts)) calls[name] = (calls[name] ?? 0) + n;
    },
  };
  const result = await solver.solve({ y, A, sigma }, prior, solver.params.parse(params), ctx);
  return { restored: (await result.data()) as Float32Array, progress, calls };
}

/** Mean squared residual of the restored pictures. */
export async function misfit(
  { y, A }: InverseProblem,
  restored: ArrayLike<number>,
  batch = 2,
): Promise<number> {
  const x = tf.tensor(Float32Array.from(restored), [batch, ...image]);
  return (await tf.mean(tf.square(tf.sub(y, A.forward(x)))).data())[0]!;
}
