import { type Beginning, head } from '../beginning.ts';

/** A task to begin with: the mean of the channels, with its adjoint. */
export const restoration: Beginning = {
  what: 'task',
  module: task,
  experiment,
  shows: 'LDPS and the baseline on it',
};

function task(name: string): string {
  return `import { defineRestoration, noise, tf, z } from 'tweedie';

/** Say here what is measured: here the mean of the three channels, [B,3,H,W] -> [B,1,H,W]. */
const operator = {
  name: '${name}',
  linear: true,
  forward: (x) => tf.mean(x, 1, true),
  // <A x, y> = <x, A^T y>; tweedie check compares both sides.
  adjoint: (y) => tf.tile(tf.div(y, 3), [1, 3, 1, 1]),
  dispose: () => {},
};

export default defineRestoration({
  name: '${name}',
  // Raise it whenever the same parameters give another problem.
  version: 1,
  source: 'whose definition it is',
  params: z.strictObject({ noise }),
  operator: () => operator,
  noise: (params) => params.noise,
  // The trivial method that every table shows beside the others.
  baseline: { name: 'grey', solve: ({ y }) => tf.tile(y, [1, 3, 1, 1]) },
});
`;
}

function experiment(name: string): string {
  return `${head(name)}
tasks: [${name}]
solvers:
  - ldps: { steps: 20 }
`;
}
