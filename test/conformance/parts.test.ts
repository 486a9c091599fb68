/** What `tweedie check` asks of a plug-in's tasks, metrics and data sets holds for the built-in ones, and finds mistakes. */
import { beforeAll, describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { ofDataSets } from '../../harness/conformance/of-data-sets.ts';
import { ofMetrics } from '../../harness/conformance/of-metrics.ts';
import { ofTasks } from '../../harness/conformance/of-tasks.ts';
import { checksOfPart, type PartCheck } from '../../harness/conformance/part-check.ts';
import { itemOf } from '../../harness/data/dataset.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { tf } from '../../harness/engine/tf.ts';
import { psnrMetric } from '../../harness/metrics/psnr.ts';
import { identity } from '../../harness/operators/identity.ts';
import denoising from '../../harness/tasks/restore/denoising.ts';
import { defineRestoration } from '../../harness/tasks/restore/restoration.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

/** What all checks find together. */
async function problems<T>(part: T, checks: readonly PartCheck<T>[]): Promise<string> {
  const found: string[] = [];
  for (const { run } of checksOfPart(part, checks)) {
    try {
      await run(part);
    } catch (error) {
      found.push((error as Error).message);
    }
  }
  return found.join('; ');
}

describe('built-in ones pass:', () => {
  it.each([...registries.tasks.keys()])('the task %s', async (name) => {
    expect(await problems(registries.tasks.get(name)!, ofTasks)).toBe('');
  });

  it.each([...registries.metrics.keys()])('the metric %s', async (name) => {
    expect(await problems(registries.metrics.get(name)!, ofMetrics)).toBe('');
  });

  it.each([...registries.datasets.keys()])('the data set %s', async (name) => {
    expect(await problems(registries.datasets.get(name)!, ofDataSets)).toBe('');
  });
});

it('of a task without an operator nothing is said of one', () => {
  const named = (task: string) =>
    checksOfPart(registries.tasks.get(task)!, ofTasks).filter(({ name }) => /adjoint/.test(name)).length;
  expect([named('denoising'), named('caption-generation')]).toEqual([1, 0]);
});

describe('found is', () => {
  const { params, noise, baseline, source } = denoising;
  const plain = { name: 'mine', version: 1, source, params, noise, baseline };

  it.each([
    [
      'an adjoint that is none',
      defineRestoration({
        ...plain,
        operator: (...of) => ({
          ...identity(),
          forward: (x) => tf.mul(x, 2),
          adjoint: (y) => y,
          name: `${of.length}`,
        }),
      }),
      'adjoint: <A x, y> is ',
    ],
    [
      'an operator that is drawn anew each time',
      defineRestoration({
        ...plain,
        operator: () => {
          const factor = Math.random();
          return { name: 'mine', linear: true, forward: (x) => tf.mul(x, factor), dispose() {} };
        },
      }),
      'the same seed gave another measurement',
    ],
  ])('%s', async (_, task, told) => expect(await problems(task, ofTasks)).toContain(told));

  it('a metric in the wrong direction, and one that counts how often it is asked', async () => {
    expect(await problems({ ...psnrMetric, better: 'lower' }, ofMetrics)).toContain(
      'better: lower, but the truth',
    );
    let asked = 0;
    expect(await problems({ ...psnrMetric, score: () => asked++ }, ofMetrics)).toContain(
      'score: gave 0, then 1',
    );
  });

  it('a data set of other pixels each time, of another size, with a picture twice', async () => {
    let shade = 0;
    const item = async (id: string, { height, width }: { height: number; width: number }) =>
      itemOf(id, { height, width, channels: 3, data: new Uint8Array(height * width * 3).fill(shade++) });
    expect(await problems({ name: 'mine', ids: async () => ['a', 'a'], item }, ofDataSets)).toMatch(
      /ids: "a" is there twice; item\("a"\): other pixels the second time/,
    );
    const small = () => toyfaces.item('test/00000', { height: 8, width: 8 });
    expect(await problems({ ...toyfaces, item: small }, ofDataSets)).toContain('has the id test/00000');
  });
});
