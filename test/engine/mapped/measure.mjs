/**
 * Prints what two graphs over the same large weights cost, as JSON: MiB of weights, and the growth in MiB of the memory
 * that belongs to the process alone (RssAnon) by the first graph and by the second. Run by ../mapped-weights.test.ts.
 */
import { openDevice } from '../../../dist/harness/engine/device.js';
import { conv2d } from '../../../dist/harness/engine/ops.js';
import { tf } from '../../../dist/harness/engine/tf.js';
import { loadWeights } from '../../../dist/harness/networks/load-weights.js';
import { ShapeList } from '../../../dist/harness/networks/parameter-shapes.js';
import { streamSafetensors } from '../../../dist/harness/networks/safetensors-writer.js';
import { anonymous } from '../../support/anonymous-memory.mjs';

const [path, layers, channels] = process.argv.slice(2);
const [LAYERS, CHANNELS] = [Number(layers), Number(channels)];

const shapes = new ShapeList();
for (let i = 0; i < LAYERS; i++) shapes.conv(`conv.${i}`, CHANNELS, CHANNELS, 3);
const values = new Float32Array(CHANNELS * CHANNELS * 9).map((_, i) => 0.01 * Math.sin(i));
streamSafetensors(
  path,
  shapes.specs.map(({ name, shape }) => ({
    name,
    shape,
    dtype: 'F32',
    bytes: () => new Uint8Array(values.buffer, 0, 4 * shape.reduce((n, d) => n * d, 1)),
  })),
);

const device = await openDevice('cpu:2');
const { params, mapped } = loadWeights(path, shapes.specs, device.constant);
const network = (x) => {
  for (let i = 0; i < LAYERS; i++)
    x = conv2d(x, params.get(`conv.${i}.weight`), params.get(`conv.${i}.bias`), { padding: 1 });
  return x;
};
const x = tf.ones([1, CHANNELS, 8, 8]);
const forward = device.compile(({ x }) => ({ y: network(x) }));
const gradient = device.compile(({ x }) => ({ dx: tf.grad((x) => tf.sum(network(x)))(x) }));

const start = anonymous();
const { y } = await forward({ x });
const one = anonymous();
const { dx } = await gradient({ x });
const two = anonymous();
const finite = [...(await y.data()), ...(await dx.data())].every(Number.isFinite);
console.log(
  JSON.stringify({
    mapped,
    finite,
    weights: (LAYERS * values.byteLength) / 2 ** 20,
    first: one - start,
    second: two - one,
  }),
);
process.exit(0);
