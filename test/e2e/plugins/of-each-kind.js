/** A method of each kind that asks no network: what the harness does with what they find is looked at, not how good they are. */
import tf from '@tensorflow/tfjs';
import { z } from 'zod';

const method = (solves, solve, params = {}) => ({
  solves,
  name: `plain-${solves}`,
  version: 1,
  paper: 'none',
  requires: {},
  params: z.strictObject(params),
  passes: () => 0,
  solve,
});

/** Grey where something may change, if it is told where; the text's length makes a tint else. */
const edit = ({ x, targets, mask }) => {
  if (mask) return { x: tf.mul(x, tf.sub(1, mask)) };
  const tints = targets.map((text) => (text.length % 10) / 100);
  return { x: tf.add(x, tf.reshape(tf.tensor1d(tints), [-1, 1, 1, 1])) };
};

export default [
  method('invert', async ({ x }, { imageShape }) => ({
    x: tf.mul(x, 0.9),
    noise: tf.zeros([x.shape[0], ...imageShape]),
  })),
  method('edit', async (given) => edit(given)),
  method('generate', async ({ captions }, { imageShape }) => ({
    x: tf.stack(captions.map((text) => tf.fill(imageShape, (text.length % 20) / 20))),
  })),
  method('translate', async ({ x, from, to }) => ({ x: tf.add(x, (to.length - from.length) / 10) })),
];
