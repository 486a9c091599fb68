import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf } from '../../harness/editor/json-schema.ts';
import { tf } from '../../harness/engine/tf.ts';
import { inSolve, perImage, perImageParameters, scaled } from '../../harness/solvers/per-image.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const step = z.number().min(0).default(1).describe('step size');
const params = z.strictObject({ steps: z.int().default(50), step: perImage(step) });

it('a number that each image has for itself reads, checks and describes itself as any other', () => {
  expect(params.parse({})).toEqual({ steps: 50, step: 1 });
  expect(() => params.parse({ step: -1 })).toThrow();
  expect(perImage(step).description).toBe('step size');
  expect(jsonSchemaOf(perImage(step))).toEqual(jsonSchemaOf(step));
});

it('is told from others by its name, and is a tensor where the solver takes it', async () => {
  expect(perImageParameters(params)).toEqual(['step']);
  const { steps, step } = inSolve(
    params,
    [0.5, 2].map((step) => params.parse({ step })),
  );
  expect([steps, step.shape, [...(await step.data())]]).toEqual([50, [2], [0.5, 2]]);
});

it.each([[[2]], [[2, 3]], [[2, 2, 2, 2]]])(
  'scales each image of a tensor of shape %j by its own',
  async (shape) => {
    const x = tf.ones(shape);
    const values = await scaled(tf.tensor1d([3, 5]), x).data();
    expect([...values]).toEqual([...values].map((_, i) => (i < values.length / 2 ? 3 : 5)));
  },
);

it('refuses to be taken for one number, which plain JavaScript would do in silence', () => {
  const { step } = inSolve(params, [params.parse({})]);
  expect(() => (step as unknown as number) > 0).toThrow(
    'step is a tensor of a number an image: use it by scaled() or alike(), in no branch and no loop',
  );
});

it('is a number in each image', () => {
  const loose = z.strictObject({ step: perImage(z.number().nullable().default(null) as never) });
  expect(() => inSolve(loose, [loose.parse({})])).toThrow(
    'step: declared by perImage, which is for numbers alone',
  );
});
