import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Subject } from '../../harness/conformance/check.ts';
import { checksFor } from '../../harness/conformance/checks.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { PriorWith } from '../../harness/priors/prior.ts';
import { solvers } from '../../harness/solvers/index.ts';
import { alike, perImage } from '../../harness/solvers/per-image.ts';
import { defineSolver, type Solver } from '../../harness/solvers/solver.ts';
import { useDevice } from '../support/device.ts';

let compile: Subject['compile'];
beforeAll(async () => {
  ({ compile } = await useDevice('cpu-reference'));
});

describe.each(solvers.map((solver) => [solver.name, solver] as const))('%s', (_, solver) => {
  it.each(checksFor(solver))('$name', ({ run }) => run({ solver, compile }));
});

/** What each check that a solver fails says of it, without the line of this file that is told first. */
async function failuresOf(solver: Solver): Promise<Record<string, string>> {
  const failures: Record<string, string> = {};
  for (const { name, run } of checksFor(solver)) {
    try {
      await run({ solver, compile });
    } catch (error) {
      failures[name] = (error as Error).message.replace(/^test\/solvers\/\S+:\d+:\d+: /, '');
    }
  }
  return failures;
}

describe('a number that each image has for itself', () => {
  const brighter = (
    own: (by: Tensor, x: Tensor) => Tensor,
    by: z.ZodDefault<z.ZodNumber> = z.number().default(0.2).describe('how much brighter'),
  ) =>
    defineSolver({
      solves: 'edit',
      ...{ name: 'brighter', version: 1, paper: 'none', requires: { text: true } },
      params: z.strictObject({ by: perImage(by) }),
      passes: () => 0,
      async solve({ x, targets }, _prior, { by }) {
        const told = tf.tensor1d(targets.map(({ length }) => length / 100));
        return { x: tf.add(x, tf.add(own(by, x), alike(told, x))) };
      },
    });

  it('passes where each image is given its own', async () => {
    expect(await failuresOf(brighter(alike))).toEqual({});
  });

  it.each([
    ['may be no smaller than its default', z.number().min(0.2).default(0.2)],
    ['is whole', z.int().default(1)],
    ['is zero by default', z.number().default(0)],
  ])('is told where it is a neighbour’s, also one that %s', async (_, by) => {
    expect(await failuresOf(brighter((by) => tf.mean(by), by.describe('how much brighter')))).toEqual({
      'takes the numbers that each image has for itself as it takes them alone': expect.stringMatching(
        /^by: with its own, picture a differs by/,
      ),
    });
  });
});

describe('a solver that edits', () => {
  const editor = (brightness: (targets: readonly string[]) => readonly number[]) =>
    defineSolver({
      solves: 'edit',
      name: 'brighter',
      version: 1,
      paper: 'none',
      requires: { text: true },
      params: z.strictObject({}),
      passes: () => 0,
      solve: async ({ x, targets }) => ({
        x: tf.add(x, tf.reshape(tf.tensor1d([...brightness(targets)]), [-1, 1, 1, 1])),
      }),
    });

  it('passes where it heeds each picture’s target', async () => {
    expect(await failuresOf(editor((targets) => targets.map(({ length }) => length / 100)))).toEqual({});
  });

  it('is told that it does not heed the target, and that it takes that of a neighbour', async () => {
    expect(await failuresOf(editor((targets) => targets.map(() => 0.1)))).toEqual({
      'gives another picture for another target': 'found the same pictures when it was told other words',
    });
    const failures = await failuresOf(editor((targets) => targets.map(() => targets[0]!.length / 100)));
    expect(Object.values(failures)).toEqual([expect.stringMatching(/^alone, picture b differs by/)]);
  });
});

describe('a solver that segments', () => {
  const params = z.strictObject({ steps: z.int().default(3).describe('how often it looks') });
  const segmenter = (solve: Solver<'segment'>['solve'], passes?: () => number) =>
    defineSolver({
      solves: 'segment',
      name: 'flat',
      version: 1,
      paper: 'none',
      requires: {},
      params,
      ...(passes && { passes }),
      solve,
    });
  const flat = (x: Tensor, label: number) => tf.fill([x.shape[0]!, 16, 16], label, 'int32');
  /** Whether each pixel is brighter than `than`. */
  const brighter = (x: Tensor, than: Tensor) => tf.cast(tf.greater(tf.mean(x, 1), than), 'int32');

  it('passes with a class for each pixel', async () => {
    expect(await failuresOf(segmenter(async ({ x }) => ({ labels: brighter(x, tf.scalar(0)) })))).toEqual({});
  });

  it.each([
    [
      'is no class',
      'flat returned a label of 7, expected the index of a class, 0 to 1',
      (x: Tensor) => flat(x, 7),
    ],
    ['is below every class', 'flat returned a label of -1, expected', (x: Tensor) => flat(x, -1)],
    [
      'is no integer',
      'flat returned a tensor of float32, expected int32',
      (x: Tensor) => tf.cast(flat(x, 1), 'float32'),
    ],
  ])('is told of a label that %s', async (_, told, solve) => {
    const failures = await failuresOf(segmenter(async ({ x }) => solve(x)));
    expect(failures['gives each pixel one of the classes']).toContain(told);
  });

  it('is told that a neighbour in the batch changes its labels', async () => {
    const failures = await failuresOf(segmenter(async ({ x }) => brighter(x, tf.mean(x))));
    expect(Object.values(failures)).toEqual([
      expect.stringMatching(
        /^alone, picture a has another class at \d+ of 256 pixels: is something taken over/,
      ),
    ]);
  });

  it('is told of steps out of order, of calls that it miscounts, of tensors left at each step', async () => {
    const backwards = segmenter(async ({ x }, _prior, { steps }, run) => {
      for (let left = Number(steps); left > 0; left--) run.progress(left, Number(steps));
      return flat(x, 0);
    });
    expect(Object.values(await failuresOf(backwards))).toEqual([
      'progress: found 12 of 12, expected 1 of 12',
    ]);
    const claiming = segmenter(
      async ({ x }) => flat(x, 0),
      () => 5,
    );
    expect(Object.values(await failuresOf(claiming))).toEqual(['passes: states 5, made 0']);
    const hoarding = segmenter(async ({ x }, _prior, { steps }) => {
      for (let i = 0; i < Number(steps); i++) tf.add(x, 1);
      return flat(x, 0);
    });
    expect(Object.values(await failuresOf(hoarding))).toEqual([
      expect.stringMatching(/^10 steps leave \d+ tensors, 20 steps \d+$/),
    ]);
  });
});

it('a solver is told that it uses a part of the prior which it does not require', async () => {
  const prompted = defineSolver({
    name: 'prompted',
    version: 1,
    paper: 'none',
    requires: { autoencoder: true },
    params: z.strictObject({}),
    async solve(_, prior, _params, run) {
      const c = (prior as PriorWith<'text'>).text.embed(run.each(''));
      const z = run.normal('initial', prior.shape);
      return prior.autoencoder.decode(prior.predict(z, tf.scalar(1), c).value);
    },
  });
  const failures = await failuresOf(prompted);
  expect(Object.keys(failures)).toEqual(['works with a prior that has what it requires and nothing else']);
});

it('a solver that restores is judged as a run judges it', async () => {
  const restorer = (solve: () => unknown) =>
    defineSolver({
      name: 'odd',
      version: 1,
      paper: 'none',
      requires: {},
      params: z.strictObject({}),
      solve: solve as Solver<'restore'>['solve'],
    });
  const told = async (solve: () => unknown) =>
    new Set(Object.values(await failuresOf(restorer(async () => solve()))));
  expect(await told(() => undefined)).toEqual(
    new Set(['odd returned undefined, expected a tensor [2,3,16,16] or { x }']),
  );
  expect(await told(() => tf.zeros([2, 3, 16, 16], 'int32'))).toEqual(
    new Set(['odd returned a tensor of int32, expected float32']),
  );
});

it('a blind method is told that its kernel is missing, or is none', async () => {
  const blind = (solve: Solver<'blind'>['solve']) =>
    defineSolver({
      solves: 'blind',
      name: 'guess',
      version: 1,
      paper: 'none',
      requires: {},
      params: z.strictObject({}),
      solve,
    });
  expect(new Set(Object.values(await failuresOf(blind(async ({ y }) => y.clone()))))).toEqual(
    new Set(['guess returned no kernel [2,...] beside its result']),
  );
  const flat = blind(async ({ y }) => ({ x: y.clone(), kernel: tf.ones([y.shape[0]!, 1, 5, 5]) }));
  expect(
    (await failuresOf(flat))['gives finite pictures, and kernels that are non-negative with sum 1'],
  ).toBe('found kernels with a sum of 25, expected 1');
});
