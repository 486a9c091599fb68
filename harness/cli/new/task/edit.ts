import { type Beginning, faces, head } from '../beginning.ts';

/** A task of editing to begin with: mirror images, in pictures and in words. */
export const edits: Beginning = {
  what: 'task',
  module: task,
  experiment,
  shows: 'SDEdit and the baseline on it',
};

function task(name: string): string {
  return `import { defineTask, tf, z } from 'tweedie';

const mirrored = (text) => text.replace(/\\b(left|right)\\b/g, (word) => (word === 'left' ? 'right' : 'left'));

/** Say here what is to change: here left and right change places, so that the truth is known exactly. */
export default defineTask({
  kind: 'edit',
  name: '${name}',
  // Raise it whenever the same parameters give another problem.
  version: 1,
  source: 'whose definition it is',
  params: z.strictObject({}),
  // On data sets with captions only.
  captioned: true,
  // Why a picture is not posed; null: it is.
  leavesOut: async (dataset, id) => {
    const caption = await dataset.caption(id);
    return mirrored(caption) === caption ? 'shows nothing at the left or right' : null;
  },
  // x [B,C,H,W] in [-1,1].
  async pose({ x, ids, dataset }) {
    const captions = await Promise.all(ids.map((id) => dataset.caption(id)));
    const targets = captions.map(mirrored);
    // With mask [B,1,H,W] among what is wanted, 1 where a picture may change, the metric preservation looks at the rest.
    return { given: { x, captions, targets }, truth: tf.reverse(x, 3), wanted: { captions: targets } };
  },
  // The trivial method that every table shows beside the others.
  baseline: { name: 'unchanged picture', solve: ({ x }) => x.clone() },
});
`;
}

function experiment(name: string): string {
  return `${head(name, { data: faces(8) })}
tasks: [${name}]
solvers:
  - sdedit-edit: { steps: 20, t0: [0.5, 0.8], cfgScale: 3 }
metrics: [psnr, clip-score-toy]
`;
}
