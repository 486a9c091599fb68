import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { itemOf } from '../../harness/data/dataset.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { TorchCpuGenerator } from '../../harness/engine/torch-random.ts';
import { methodRef, settingRef } from '../../harness/identity/keys.ts';
import type { Batch } from '../../harness/identity/refs.ts';
import { psnrMetric } from '../../harness/metrics/psnr.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { toImage8 } from '../../harness/pictures/image8.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import { referTo, STORED_PICTURES } from '../../harness/scoring/protocol.ts';
import { perImage, scaled } from '../../harness/solvers/per-image.ts';
import { defineSolver, type Solver } from '../../harness/solvers/solver.ts';
import type { ArtifactRole, Media, SolutionRecord } from '../../harness/store/records.ts';
import { readTrace, tracedCells, tracePicturePath } from '../../harness/store/trace-file.ts';
import randomInpainting from '../../harness/tasks/restore/random-inpainting.ts';
import { readImage } from '../../harness/worker/files.ts';
import type { ImageOutcome } from '../../harness/worker/messages.ts';
import { type GroupParts, solveGroup } from '../../harness/worker/solve-group.ts';
import { temporaryFolder } from '../store/example.ts';
import { apart } from '../support/apart.ts';

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

const batch: Batch = {
  key: 'batch',
  method: methodRef({
    kind: 'solver',
    name: 'half',
    title: 'half',
    version: 1,
    params: {},
    prior: { name: 'none', version: 1, params: {}, weightsSha256: '', toy: true },
  }),
  setting: settingRef({
    kind: 'restore',
    task: randomInpainting.name,
    title: 'Random inpainting',
    version: 1,
    params: randomInpainting.params.parse({}),
    data: { kind: 'set', name: 'greys' },
    imageShape: shape,
  }),
  rng: 'philox',
  precision: 'float32',
  passes: 4,
  items: items.map(({ id, sha256 }, i) => ({ id, sha256, seed: 0, cellKey: `c${i}` })),
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

async function solve(parts: GroupParts, wanted = ['c0', 'c1', 'c2'], of = batch): Promise<ImageOutcome[]> {
  const outcomes: ImageOutcome[] = [];
  for await (const outcome of solveGroup({ batch: of, wanted, metrics: [] }, parts)) outcomes.push(outcome);
  return outcomes;
}

const solutionsOf = (outcomes: ImageOutcome[]) =>
  outcomes.flatMap((outcome) => (outcome.kind === 'solved' ? [outcome.solution] : []));

function pathsOf({ artifacts }: SolutionRecord) {
  const path = (role: ArtifactRole, media: Media) =>
    artifacts.find((artifact) => artifact.role === role && artifact.media === media)!.path;
  return {
    restored: path('result', 'picture'),
    truth: path('truth', 'picture'),
    given: path('given', 'picture'),
    tensor: path('result', 'array'),
  };
}

describe('a batch', () => {
  it.each([
    ['the captions that the plan has put beside its pictures', ['a', 'b', 'c'], ['a', 'b', 'c']],
    ['none where the plan has put none', [], undefined],
  ])('tells its solver %s', async (_, planned, told) => {
    let found: readonly string[] | undefined = ['nothing was called'];
    const asks = solverOf(async ({ y, captions }) => {
      found = captions;
      return tf.clone(y);
    });
    const captioned = batch.items.map((item, i) =>
      planned.length > 0 ? { ...item, caption: planned[i] } : item,
    );
    await solve(partsWith(asks), [], { ...batch, items: captioned });
    expect(found).toEqual(told);
  });

  it('gives each image its pictures, its tensor, its scores and its costs', async () => {
    const parts = partsWith(half);
    const [first] = solutionsOf(await solve(parts));
    const { truth, restored, tensor } = pathsOf(first!);
    const truthImage = toImage8(items[0]!.image, shape);
    expect(await readImage(parts.resultsDir, truth)).toEqual(truthImage);

    const stored = new SafetensorsFile(join(parts.resultsDir, tensor));
    const restoredImage = toImage8(stored.readFloat32('image'), shape);
    stored.close();
    expect(await readImage(parts.resultsDir, restored)).toEqual(restoredImage);
    expect(first).toMatchObject({
      cellKey: 'c0',
      steps: 2,
      counters: { unetForward: 4, peakMemoryMiB: expect.any(Number) },
      device: 'plain',
      batch: ['c0', 'c1', 'c2'],
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
    const known = ({ cellKey, artifacts, batch }: SolutionRecord) => ({ cellKey, artifacts, batch });
    expect(one.map(known)).toEqual([known(all[1]!)]);
  });

  it('takes a picture that is named x as it takes one that is not', async () => {
    const named = solverOf(async ({ y }) => ({ x: tf.mul(y, 0.5) }));
    const [a, b] = [solutionsOf(await solve(partsWith(named))), solutionsOf(await solve(partsWith(half)))];
    const found = (records: readonly SolutionRecord[]) => records.map(({ artifacts }) => artifacts);
    expect(found(a)).toEqual(found(b));
  });

  it('measures the same for every method and every batch', async () => {
    const together = solutionsOf(await solve(partsWith(half)));
    const baseline = solutionsOf(await solve(partsWith(null)));
    const alone = solutionsOf(
      await solve(partsWith(half), ['c2'], { ...batch, items: batch.items.slice(2) }),
    );
    const given = (solutions: SolutionRecord[]) => solutions.map((solution) => pathsOf(solution).given);
    expect(given(baseline)).toEqual(given(together));
    expect(given(alone)).toEqual([given(together)[2]]);
  });

  it('draws from the generator that the plan names: with torch-cpu from one of its own for each image', async () => {
    const drawing = solverOf(async (_problem, _prior, _params, ctx) => ctx.normal('initial', shape));
    const values = async (rng: Batch['rng']) => {
      const parts = partsWith(drawing);
      const items = batch.items.map((item) => ({ ...item, seed: 3 }));
      return solutionsOf(await solve(parts, ['c0', 'c2'], { ...batch, rng, items })).map((solution) => {
        const stored = new SafetensorsFile(join(parts.resultsDir, pathsOf(solution).tensor));
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
    // Independent Gaussians lie sqrt(2) apart.
    expect(apart(first!, latent)).toBeGreaterThan(1);
    expect(apart(first!, third!)).toBeGreaterThan(1);
  });

  it('of two seeds draws for each picture what a batch of one seed draws for it, and tells the solver which is whose', async () => {
    let named: readonly (readonly [string, number])[] = [];
    const drawing = solverOf(async ({ y }, _prior, _params, run) => {
      named = run.images.map(({ id, seed }) => [id, seed]);
      return tf.add(tf.mul(y, 0.5), run.normal('initial', shape));
    });
    const [first] = batch.items;
    const seeds = [0, 7].map((seed, i) => ({ ...first!, seed, cellKey: `s${i}` }));
    const parts = partsWith(drawing);
    const found = async (items: Batch['items']) => {
      const solutions = solutionsOf(
        await solve(
          parts,
          items.map(({ cellKey }) => cellKey),
          { ...batch, items },
        ),
      );
      return solutions.map(({ cellKey, batch, artifacts }) => ({ cellKey, batch, artifacts }));
    };
    const together = await found(seeds);
    expect(named).toEqual([
      ['test/0', 0],
      ['test/0', 7],
    ]);
    const alone = [await found(seeds.slice(0, 1)), await found(seeds.slice(1))].flat();
    expect(together).toEqual(alone.map((solution) => ({ ...solution, batch: ['s0', 's1'] })));
    const [a, b] = together.map(({ artifacts }) => artifacts.map(({ sha256 }) => sha256));
    expect(a!.filter((sha256) => b!.includes(sha256))).toHaveLength(1); // the truth
  });

  it('of several settings of a solver gives each image its own numbers, and the result that a batch of its setting alone gives', async () => {
    const params = z.strictObject({ steps: z.int().default(2), gain: perImage(z.number().default(1)) });
    const solver = defineSolver({
      ...{ name: 'half', version: 1, paper: '', requires: {}, params },
      async solve({ y }, _prior, { steps, gain }) {
        expect([steps, gain.shape]).toEqual([2, [y.shape[0]]]);
        return scaled(gain, y);
      },
    });
    const [first] = batch.items;
    const [weak, strong] = [0.3, 0.7].map((gain) =>
      methodRef({ ...batch.method, params: { steps: 2, gain } }),
    ) as [Batch['method'], Batch['method']];
    const parts = partsWith(solver);
    const found = async (of: Pick<Batch, 'method' | 'items'>) => {
      const wanted = of.items.map(({ cellKey }) => cellKey);
      return solutionsOf(await solve(parts, wanted, { ...batch, ...of })).map(({ cellKey, artifacts }) => [
        cellKey,
        artifacts.map(({ sha256 }) => sha256),
      ]);
    };
    const [a, b] = ['a', 'b'].map((cellKey) => ({ ...first!, cellKey })) as [typeof first, typeof first];
    const mixed = await found({ method: weak, items: [a!, { ...b!, method: strong }] });
    const alone = [await found({ method: weak, items: [a!] }), await found({ method: strong, items: [b!] })];
    expect(mixed).toEqual(alone.flat());
    expect(mixed[0]![1]).not.toEqual(mixed[1]![1]);
  });

  it('finds the mean of several draws of one measurement, entry by entry, and counts and walks them all', async () => {
    const drawing = solverOf(async ({ y }, _prior, params, ctx) => {
      expect(params).toEqual({});
      ctx.count({ unetForward: 1 });
      ctx.progress(1, 1);
      return tf.add(y, ctx.normal('initial', shape));
    });
    const arraysOf = async (meanOfDraws?: number) => {
      const walked: (readonly [number, number])[] = [];
      const parts = {
        ...partsWith(drawing),
        progress: (done: number, total: number) => void walked.push([done, total]),
      };
      const params = meanOfDraws === undefined ? {} : { meanOfDraws };
      const of = { ...batch, method: { ...batch.method, params } };
      const solutions = solutionsOf(await solve(parts, undefined, of));
      const arrays = solutions.map((solution) => {
        const stored = new SafetensorsFile(join(parts.resultsDir, pathsOf(solution).tensor));
        const image = stored.readFloat32('image');
        stored.close();
        return image;
      });
      return {
        walked,
        arrays,
        counters: solutions[0]!.counters,
        given: solutions.map((one) => pathsOf(one).given),
      };
    };
    const [single, mean, more] = [await arraysOf(), await arraysOf(2), await arraysOf(64)];
    expect(mean.counters).toMatchObject({ unetForward: 2 });
    expect(mean.walked).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(mean.given).toEqual(single.given);
    // y is what all draws have in common, so the mean of many lies at it: the first draw's noise shrinks to a part of itself.
    for (const [i, array] of mean.arrays.entries()) {
      const y = more.arrays[i]!;
      const squared = (a: Float32Array) => a.reduce((sum, value, j) => sum + (value - y[j]!) ** 2, 0);
      const second = array.map((value, j) => 2 * value - single.arrays[i]![j]!);
      // The mean squared error of a mean is at most the mean of the draws' squared errors.
      expect(squared(array)).toBeLessThan((squared(single.arrays[i]!) + squared(second)) / 2);
      expect(squared(second)).toBeGreaterThan(0.5 * squared(single.arrays[i]!));
      expect(apart(second, single.arrays[i]!)).toBeGreaterThan(0.5);
    }
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
    const changed = { ...batch, items: batch.items.map((item) => ({ ...item, sha256: 'other' })) };
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

describe('a trace', () => {
  const traced = (fails: boolean) =>
    solverOf(async ({ y }, _prior, _params, run) => {
      for (const step of [1, 2]) {
        run.progress(step, 2);
        const loss = tf.tensor1d([step, 10 * step, step === 2 ? Number.NaN : 0]);
        await run.trace({ loss }, () => ({ x0: tf.mul(y, step / 2) }));
      }
      if (fails) throw new Error('gave up');
      return tf.clone(y);
    });

  it('is written beside the results where it is asked for, for each image that is wanted', async () => {
    const parts = { ...partsWith(traced(false)), traces: true };
    await solve(parts, ['c1', 'c2']);
    expect([...tracedCells(parts.resultsDir)].sort()).toEqual(['c1', 'c2']);
    expect(readTrace(parts.resultsDir, 'c1')).toEqual({
      format: 1,
      steps: 2,
      scalars: {
        loss: [
          [1, 10],
          [2, 20],
        ],
      },
      pictures: { x0: [1, 2] },
    });
    expect(readTrace(parts.resultsDir, 'c2')!.scalars).toEqual({
      loss: [
        [1, 0],
        [2, null],
      ],
    });
    const png = readFileSync(join(parts.resultsDir, tracePicturePath('c1', 'x0', 2)));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  it('is not written otherwise, and the results are the same', async () => {
    const [without, with_] = [partsWith(traced(false)), { ...partsWith(traced(false)), traces: true }];
    const shas = async (parts: GroupParts) =>
      solutionsOf(await solve(parts)).map(({ artifacts }) => artifacts.map(({ sha256 }) => sha256));
    expect(await shas(without)).toEqual(await shas(with_));
    expect(tracedCells(without.resultsDir).size).toBe(0);
  });

  it('is there of a solver that has thrown', async () => {
    const parts = { ...partsWith(traced(true)), traces: true };
    await expect(solve(parts)).rejects.toThrow('gave up');
    expect(readTrace(parts.resultsDir, 'c0')!.scalars).toEqual({
      loss: [
        [1, 1],
        [2, 2],
      ],
    });
  });
});
