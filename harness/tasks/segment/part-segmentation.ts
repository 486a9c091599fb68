import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { defineTask, type Pictures } from '../task.ts';
import { majorityClass } from './majority-class.ts';

/** Which part of what it shows each pixel is, learnt from a handful of labelled pictures. */
export default defineTask({
  kind: 'segment',
  name: 'part-segmentation',
  title: 'Part segmentation',
  version: 1,
  source:
    'few-shot part segmentation as DatasetGAN (arXiv 2104.06490) and DDPM-Seg (arXiv 2112.03126) pose it',
  params: z.strictObject({
    examples: z
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .describe('labelled pictures that a method is shown: the first of the training split'),
  }),
  labelled: true,
  shows,
  async pose({ x, ids, dataset }, params) {
    const [height, width] = x.shape.slice(-2) as [number, number];
    const size = { height, width };
    const shown = await shows(dataset, params);
    const items = await Promise.all(shown.map((id) => dataset.item(id, size)));
    const { classes } = await dataset.labels!(ids[0]!, size);
    return {
      given: {
        x,
        examples: {
          x: tf.stack(items.map(({ image }) => tf.tensor(image, [...x.shape.slice(1)]))),
          labels: await labelsOf(dataset, shown, size),
          classes,
        },
      },
      truth: await labelsOf(dataset, ids, size),
    };
  },
  baseline: {
    name: 'majority class',
    solve: ({ x, examples: { labels, classes } }) => ({
      labels: majorityClass(labels, classes.length, x.shape[0]!),
    }),
  },
});

async function shows(
  dataset: Pictures['dataset'],
  { examples }: { readonly examples: number },
): Promise<readonly string[]> {
  return (await dataset.ids('train')).slice(0, examples);
}

/** [N,H,W], int32. */
async function labelsOf(
  dataset: Pictures['dataset'],
  ids: readonly string[],
  size: { readonly height: number; readonly width: number },
): Promise<Tensor> {
  const maps = await Promise.all(ids.map((id) => dataset.labels!(id, size)));
  return tf.stack(
    maps.map(({ data }) => tf.tensor(Int32Array.from(data), [size.height, size.width], 'int32')),
  );
}
