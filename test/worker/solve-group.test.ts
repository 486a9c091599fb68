import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { itemOf } from '../../harness/data/dataset.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { TorchCpuGenerator } from '../../harness/engine/torch-random.ts';
import type { CellGroup } from '../../harness/identity/refs.ts';
import { psnrMetric } from '../../harness/metrics/psnr.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { toImage8 } from '../../harness/pictures/image8.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import { referTo, STORED_PICTURES } from '../../harness/scoring/protocol.ts';
import { defineSolver, type Solver } from '../../harness/solvers/solver.ts';
import randomInpainting from '../../harness/tasks/restore/random-inpainting.ts';
import { readImage } from '../../harness/worker/files.ts';
import type { ImageOutcome } from '../../harness/worker/messages.ts';
import { type GroupParts, solveGroup } from '../../harness/worker/solve-group.ts';
import { temporaryFolder } from '../store/example.ts';

const shape = [3, 8, 8] as const;

/** Three pictures, each of one grey. */
const items = [-0.5, 0, 0.5].map((grey, i) => {
  const data = new Uint8Array(8 * 8 * 3).fill(Math.round(255 * ((grey + 1) / 2)));
  return itemOf(`test/${i}`, { width: 8, height: 8, channels: 3, data });
});
const dataset = {
  name: 'greys',
  description: 'three greys',
  ids: async () => items.map(({ id }) => id),
  item: async (id: string) => items.find((item) => item.id === id)!,
};

const group: CellGroup = {
  groupKey: 'group',
  kind: 'solver',
  solver: 'half',
  solverVersion: 1,
  params: {},
  task: randomInpainting.name,
  taskVersion: 1,
  taskParams: randomInpainting.params.parse({}),
  prior: { name: 'none', version: 1, params: {}, weightsSha256: '', toy: true },
  data: { kind: 'set', name: 'greys' },
  imageShape: shape,
  seed: 0,
  rng: 'philox',
  precision: 'float32',
  items: items.map(({ id, sha256 }, i) => ({ id, sha256, cellKey: `c${i}` })),
};

const solverOf = (solve: Solver<'restore'>['solve']) =>
  defineSolver({ name: 'half', version: 1, paper: '', requires: {}, params: z.object({}), solve });

const half = solverOf(async ({ y }, _prior, _params, ctx) => {
  const step = ctx.compile(({ y }: { y: Tensor }): Tensor => tf.mul(y, 0.5));
  for (let i = 1; i <= 2; i++) {
    ctx.count({ unetForward: 2 });
    ctx.progress(i, 2);
  }
  return step({ y });
});

const PSNR = referTo(psnrMetric, STORED_PICTURES);

function partsWith(solver: Solver<'restore'> | null): GroupParts {
  return {
    task: randomInpainting,
    dataset,
    metrics: [{ ref: PSNR, metric: psnrMetric }],
    method: solver && { solver, prior: {} as Prior },
    device: { name: 'plain', compile: compileEager },
    resultsDir: temporaryFolder(),
    progress: () => {},
  };
}

async function solve(parts: GroupParts, wanted = ['c0', 'c1', 'c2'], of = group): Promise<ImageOutcome[]> {
  const outcomes: ImageOutcome[] = [];
  for await (const outcome of solveGroup({ group: of, wanted, metrics: [] }, parts)) outcomes.push(outcome);
  return outcomes;
}

const solutionsOf = (outcomes: ImageOutcome[]) =>
  outcomes.flatMap((outcome) => (outcome.kind === 'solved' ? [outcome.solution] : []));

describe('a batch', () => {
  it('gives each image its pictures, its tensor, its scores and its costs', async () => {
    const parts = partsWith(half);
    const [first] = solutionsOf(await solve(parts));
    const { restored, truth, tensor } = first!;
    const truthImage = toImage8(items[0]!.image, shape);
    expect(await readImage(parts.resultsDir, truth.path)).toEqual(truthImage);

    const stored = new SafetensorsFile(join(parts.resultsDir, tensor));
    const restoredImage = toImage8(stored.readFloat32('image'), shape);
    stored.close();
    expect(await readImage(parts.resultsDir, restored.path)).toEqual(restoredImage);
    expect(first).toMatchObject({
      cellKey: 'c0',
      steps: 2,
      counters: { unetForward: 4, peakMemoryMiB: expect.any(Number) },
      device: 'plain',
      batch: ['test/0', 'test/1', 'test/2'],
      // As the plan asks for them, so that they are found.
      scores: [
        {
          metric: 'psnr',
          version: PSNR.version,
          protocol: PSNR.protocol,
          value: psnrMetric.score(restoredImage, truthImage),
        },
      ],
    });
  });

  it('is computed as a whole, but hands over only what is wanted', async () => {
    const all = solutionsOf(await solve(partsWith(half)));
    const one = solutionsOf(await solve(partsWith(half), ['c1']));
    const known = ({ cellKey, restored, batch }: (typeof all)[number]) => ({ cellKey, restored, batch });
    expect(one.map(known)).toEqual([known(all[1]!)]);
  });

  it('measures the same for every method and every batch', async () => {
    const together = solutionsOf(await solve(partsWith(half)));
    const baseline = solutionsOf(await solve(partsWith(null)));
    const alone = solutionsOf(
      await solve(partsWith(half), ['c2'], { ...group, items: group.items.slice(2) }),
    );
    expect(baseline.map(({ measurement }) => measurement)).toEqual(
      together.map(({ measurement }) => measurement),
    );
    expect(alone[0]!.measurement).toEqual(together[2]!.measurement);
  });

  it('draws from the generator that the plan names: with torch-cpu from one of its own for each image', async () => {
    const drawing = solverOf(async (_problem, _prior, _params, ctx) => ctx.normal('initial', shape));
    const values = async (rng: CellGroup['rng']) => {
      const parts = partsWith(drawing);
      return solutionsOf(await solve(parts, ['c0', 'c2'], { ...group, rng, seed: 3 })).map(({ tensor }) => {
        const stored = new SafetensorsFile(join(parts.resultsDir, tensor));
        const image = [...stored.readFloat32('image')];
        stored.close();
        return image;
      });
    };
    const generator = new TorchCpuGenerator(3);
    generator.randn(3 * 8 * 8); // the measurement noise
    const latent = [...generator.randn(3 * 8 * 8)];
    expect(await values('torch-cpu')).toEqual([latent, latent]);
    const [first, third] = await values('philox');
    expect(first).not.toEqual(latent);
    expect(first).not.toEqual(third);
  });

  it('reports an image that is not finite, and hands over the others', async () => {
    const spoilt = solverOf(async ({ y }) =>
      tf.concat([y.slice([0], [1]), tf.fill([1, ...shape], Number.POSITIVE_INFINITY), y.slice([2], [1])]),
    );
    const outcomes = await solve(partsWith(spoilt));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['solved', 'nan', 'solved']);
    expect(outcomes[1]).toEqual({
      kind: 'nan',
      cellKey: 'c1',
      message: '192 of 192 values of the result are not finite',
    });
  });

  it('refuses a picture that is not the one that was planned', async () => {
    const changed = { ...group, items: group.items.map((item) => ({ ...item, sha256: 'other' })) };
    await expect(solve(partsWith(half), ['c0'], changed)).rejects.toThrow(
      'test/0 has changed since the plan was made',
    );
  });

  it('leaves no tensor behind, whether it ends well or not', async () => {
    const failing = solverOf(async ({ y }) => {
      tf.add(y, 1);
      throw new Error('no');
    });
    await solve(partsWith(half));
    const before = tf.memory().numTensors;
    await solve(partsWith(half));
    await expect(solve(partsWith(failing))).rejects.toThrow('no');
    expect(tf.memory().numTensors).toBe(before);
  });
});
