import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import type { Params } from '../../harness/identity/refs.ts';
import { misfitMetric } from '../../harness/metrics/measurement.ts';
import { named } from '../../harness/plan/registries.ts';
import { residual } from '../../harness/worker/residual.ts';

const imageShape = [3, 64, 64] as const;
const [ID, OTHER] = ['test/00003', 'test/00007'];

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());

/** Of one picture's problem, taken for the restoration of itself or of another's. */
async function misfit(task: string, params: Params, found = ID) {
  const size = { height: imageShape[1], width: imageShape[2] };
  const { sha256 } = await toyfaces.item(ID, size);
  const { image } = await toyfaces.item(found, size);
  const { title = task, kind, version, params: schema } = named(registries.tasks, task);
  const problem = {
    setting: {
      ...{ key: '', kind, task, title, version, imageShape },
      params: schema.parse(params),
      data: { kind: 'set', name: 'toyfaces' } as const,
    },
    rng: 'philox' as const,
    items: [{ id: ID, sha256, seed: 0, cellKey: '' }],
  };
  const { rms, sigma } = await residual(problem, image, registries);
  return misfitMetric.score(rms, sigma);
}

describe('the misfit of a result to its measurement', () => {
  it.each([
    ['gaussian-deblurring', {}],
    ['super-resolution', {}],
    ['box-inpainting', { side: 40 }],
    ['random-inpainting', {}],
  ])(
    'of the truth is the noise: about 1 in its unit, over the measured entries: %s',
    async (task, params) => {
      const few = task === 'super-resolution' ? 0.2 : 0.05;
      expect(Math.abs((await misfit(task, { ...params, noise: 0.05 })) - 1)).toBeLessThan(few);
    },
  );

  it('of another face is far above it, however real that looks', async () => {
    expect(await misfit('gaussian-deblurring', { noise: 0.05 }, OTHER)).toBeGreaterThan(3);
  });

  it('is in units of the picture where there is no noise', async () => {
    expect(await misfit('gaussian-deblurring', { noise: 0 })).toBeLessThan(1e-6);
    const noisy = await misfit('gaussian-deblurring', { noise: 0.05 }, OTHER);
    const exact = await misfit('gaussian-deblurring', { noise: 0 }, OTHER);
    expect(exact / 0.05 / noisy).toBeCloseTo(1, 1);
  });
});
