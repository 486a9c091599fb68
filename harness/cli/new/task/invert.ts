import { type Beginning, head } from '../beginning.ts';

/** A task of inversion to begin with: upright pictures, and others that a prior has not seen like that. */
export const inversion: Beginning = {
  what: 'task',
  module: task,
  experiment,
  shows: 'DDIM inversion on it, beside what the autoencoder alone loses',
};

function task(name: string): string {
  return `import { defineTask, tf, z } from 'tweedie';

/** Say here what is to be inverted: here each picture, or its mirror image. */
export default defineTask({
  kind: 'invert',
  name: '${name}',
  // Raise it whenever the same parameters give another problem.
  version: 1,
  source: 'whose definition it is',
  params: z.strictObject({
    mirrored: z.boolean().default(false).describe('whether left and right change places'),
  }),
  // x [B,C,H,W] in [-1,1]. Methods make it again, of what they find; captions go with it where they are known.
  async pose({ x }, { mirrored }) {
    const truth = mirrored ? tf.reverse(x, 3) : x;
    return { given: { x: truth }, truth };
  },
});
`;
}

function experiment(name: string): string {
  return `${head(name)}
tasks:
  - ${name}: { mirrored: [false, true] }
solvers:
  - round-trip
  - ddim-inversion: { steps: 20, prompt: '' }
report: { baseline: round-trip }
`;
}
