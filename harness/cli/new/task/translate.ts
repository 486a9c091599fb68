import { type Beginning, head } from '../beginning.ts';

/** A task of translation to begin with: pictures in colour to grey ones. */
export const translation: Beginning = {
  what: 'task',
  module: task,
  experiment,
  shows: 'SDEdit and the baseline on it',
};

function task(name: string): string {
  return `import { defineTask, tf, z } from 'tweedie';

/** Say here what the two domains are: here pictures in colour, and grey ones. */
export default defineTask({
  kind: 'translate',
  name: '${name}',
  // Raise it whenever the same parameters give another problem.
  version: 1,
  source: 'whose definition it is',
  params: z.strictObject({}),
  // x [B,C,H,W] in [-1,1], all of the first domain: what its pictures show, and those of the other one, as prompts.
  async pose({ x, ids }) {
    const [from, to] = ['a face', 'a grey face'];
    const truth = tf.tile(tf.mean(x, 1, true), [1, 3, 1, 1]);
    // With mask [B,1,H,W] among what is wanted, 1 where a picture may change, the metric preservation looks at the rest.
    return { given: { x, from, to }, truth, wanted: { captions: ids.map(() => to) } };
  },
  // The trivial method that every table shows beside the others.
  baseline: { name: 'unchanged picture', solve: ({ x }) => x.clone() },
});
`;
}

function experiment(name: string): string {
  return `${head(name)}
tasks: [${name}]
solvers:
  - sdedit-translate: { steps: 20, cfgScale: 3 }
metrics: [psnr, clip-score-toy]
`;
}
