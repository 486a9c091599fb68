import { type Beginning, head } from '../beginning.ts';

/** A task of generation to begin with: the captions of the data set, each said in the same way. */
export const generation: Beginning = { what: 'task', module: task, experiment, shows: 'CFG on it' };

function task(name: string): string {
  return `import { defineTask, z } from 'tweedie';

/** Say here what is to be shown: here what the data set says of each picture. */
export default defineTask({
  kind: 'generate',
  name: '${name}',
  // Raise it whenever the same parameters give another problem.
  version: 1,
  source: 'whose definition it is',
  params: z.strictObject({}),
  // On data sets with captions only.
  captioned: true,
  // Results are compared with all the truths as a set, never one by one.
  async pose({ x, ids, dataset }) {
    const captions = await Promise.all(ids.map((id) => dataset.caption(id)));
    return { given: { captions }, truth: x, wanted: { captions } };
  },
});
`;
}

function experiment(name: string): string {
  return `${head(name)}
tasks: [${name}]
solvers:
  - cfg: { steps: 20, scale: 3 }
metrics: [clip-score-toy]
`;
}
