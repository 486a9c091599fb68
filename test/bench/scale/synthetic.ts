import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveMadeUp } from '../../support/made-up-results.ts';

/** From test/bench/build/test/bench/scale. A plug-in imports the built program, so this does: two copies share kernels' names. */
const built = (path: string) =>
  import(new URL(`../../../../../../dist/harness/${path}.js`, import.meta.url).href);
const { builtIn }: typeof import('../../../harness/plan/built-in.ts') = await built('plan/built-in');
const { loadPlan }: typeof import('../../../harness/plan/load.ts') = await built('plan/load');
const { registerPlan }: typeof import('../../../harness/scheduler/run-plan.ts') =
  await built('scheduler/run-plan');
const { closeStore, openStore }: typeof import('../../../harness/store/store.ts') =
  await built('store/store');

/** A solver without a network, and a prior that is none: only their cells matter. */
const PLUGIN = `
import { definePrior, defineSolver, tf, z } from 'tweedie';
const shape = [3, 16, 16];
export default [
  definePrior({ name: 'nothing', version: 1, description: 'none', params: z.strictObject({}),
    inspect: async () => ({ imageShape: shape, weightsSha256: '0'.repeat(64), toy: true }),
    open: async () => ({ imageShape: shape }) }),
  defineSolver({ name: 'noop', version: 1, paper: 'none', requires: {},
    params: z.strictObject({ k: z.int().default(0) }).extend({}),
    solve: async ({ y }) => tf.zeros([y.shape[0], ...shape]) }),
];
`;

/** How an experiment of some size is made up. */
export interface Size {
  readonly methods: number;
  readonly pictures: number;
  readonly seeds: number;
  /** Cells that are solved together. Default: 10. */
  readonly batch?: number;
}

/** Writes an experiment of a size, with its plug-in; returns its file. */
export function writeExperiment(dir: string, { methods, pictures, seeds, batch = 10 }: Size): string {
  const file = join(dir, 'scale.yaml');
  writeFileSync(join(dir, 'noop.js'), PLUGIN);
  writeFileSync(
    file,
    `name: scale
plugins: [noop.js]
prior: nothing
data: { set: toyfaces, split: test, count: ${pictures} }
seeds: [${numbers(seeds)}]
tasks: [random-inpainting]
solvers: [{ noop: { k: [${numbers(methods)}] } }]
batch: ${batch}
report: { baseline: noop, charts: [{ x: noop.k, y: [psnr, ssim] }] }
`,
  );
  return file;
}

/** Fills a new results folder in `dir` with made-up pictures and numbers, without solving. */
export async function makeUp(dir: string, size: Size): Promise<void> {
  const file = writeExperiment(dir, size);
  const plan = await loadPlan(file, builtIn);
  const store = openStore(join(dir, 'results'), { create: true });
  registerPlan(store, plan);
  await saveMadeUp(store, plan);
  closeStore(store);
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, i) => i).join(', ');
}
