import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { registries } from '../../harness/cli/registries.ts';
import { readConfig } from '../../harness/config/read.ts';
import { checksFor } from '../../harness/conformance/checks.ts';
import { tf } from '../../harness/engine/tf.ts';
import type { ImageMetric } from '../../harness/metrics/metric.ts';
import { proximalByCg } from '../../harness/operators/proximal.ts';
import { readExperiment } from '../../harness/plan/experiment.ts';
import { loadPlugin, readPlugins, withPlugins } from '../../harness/plan/plugins.ts';
import type { Restoration } from '../../harness/tasks/restore/restoration.ts';
import { fakePrior, misfit, operators, problem, run } from '../solvers/support.ts';
import { useDevice } from '../support/device.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const guide = read('docs/adding-a-solver.md');

if (!existsSync(join(packageRoot, 'dist')))
  throw new Error('the example plug-in imports the built program: npm run build');
beforeAll(() => useDevice('cpu-reference'));

describe('docs/adding-a-solver.md', () => {
  it.each([
    'mpgd.js',
    'mpgd.yaml',
    'nearest-mean.js',
    'brightness.ts',
    'mae.ts',
    'gradients.ts',
    'own-parts.yaml',
  ])('shows docs/examples/%s as it is', (name) => {
    expect(guide).toContain(read(`docs/examples/${name}`));
  });
});

describe('the solver that it builds', () => {
  it('stands beside LDPS in its experiment, at two step sizes', async () => {
    const { root } = readConfig(join(packageRoot, 'docs/examples/mpgd.yaml'));
    const { tasks } = readExperiment(root, withPlugins(registries, await readPlugins(root)));
    const methods = tasks[0]!.solvers.map(({ solver, params }) => [solver.name, params.stepSize]);
    expect(methods).toEqual([
      ['ldps', undefined],
      ['latent-mpgd', 0.5],
      ['latent-mpgd', 1],
    ]);
  });

  it('fits the measurement, without a pass back through the U-Net', async () => {
    const { solvers } = await loadPlugin(join(packageRoot, 'docs/examples/mpgd.js'));
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    const guided = await run(solvers[0]!, made, prior, { steps: 20, stepSize: 20 });
    const unguided = await run(solvers[0]!, made, prior, { steps: 20, stepSize: 0 });
    expect(await misfit(made, guided)).toBeLessThan(0.8 * (await misfit(made, unguided)));
    expect(guided.calls).toEqual({ unetForward: 20, decoder: 21 });
  });
});

it('the method to segment that it builds passes what every method of its kind must', async () => {
  const { solvers } = await loadPlugin(join(packageRoot, 'docs/examples/nearest-mean.js'));
  const { compile } = await useDevice('cpu-reference');
  for (const { run } of checksFor(solvers[0]!)) await run({ solver: solvers[0]!, compile });
});

describe('the task that it builds', async () => {
  const { tasks } = await loadPlugin(join(packageRoot, 'docs/examples/brightness.ts'));
  const brightness = tasks[0] as Restoration;
  const streams = { count: 2, normal: () => tf.zeros([]), uniforms: () => () => 0 };
  const A = brightness.operator({ noise: 0 }, [3, 4, 4], streams);
  const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

  it('has an exact adjoint', async () => {
    const [x, y] = [random([2, 3, 4, 4], 1), random([2, 1, 4, 4], 2)];
    const inner = (a: typeof x, b: typeof x) => tf.sum(tf.mul(a, b)).data();
    expect((await inner(A.forward(x), y))[0]).toBeCloseTo((await inner(x, A.adjoint!(y)))[0]!, 4);
  });

  it('has a closed proximal form that conjugate gradients confirm', async () => {
    const [x, y] = [random([2, 3, 4, 4], 3), random([2, 1, 4, 4], 4)];
    const expected = await proximalByCg(A, y, x, 0.3, 10).data();
    (await A.proximal!(y, x, 0.3).data()).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });

  it('has a baseline whose measurement is the measurement', async () => {
    const y = random([2, 1, 4, 4], 5);
    const grey = A.forward(brightness.baseline.solve({ y, A, sigma: 0, noise: 'gaussian' }, [3, 4, 4]));
    const expected = await y.data();
    (await grey.data()).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 6);
    });
  });
});

it('the metric that it builds is the mean absolute difference', async () => {
  const { metrics } = await loadPlugin(join(packageRoot, 'docs/examples/mae.ts'));
  const mae = metrics[0] as ImageMetric;
  const picture = (...data: number[]) => ({ width: 1, height: 1, channels: 3, data: Uint8Array.from(data) });
  expect(mae.score(picture(10, 0, 5), picture(0, 2, 5))).toBe(4);
});

it('the data set that it builds has pictures of one colour each, and names what it does not have', async () => {
  const { datasets } = await loadPlugin(join(packageRoot, 'docs/examples/gradients.ts'));
  const gradients = datasets[0]!;
  const ids = await gradients.ids('test');
  expect(ids).toHaveLength(3);
  const { image } = await gradients.item(ids[1]!, { height: 1, width: 2 });
  expect([...image]).toEqual([-1, -1, -1, 1, -1, -1]);
  await expect(gradients.item('test/pink', { height: 1, width: 2 })).rejects.toThrow(
    'expected one of test/red',
  );
});
