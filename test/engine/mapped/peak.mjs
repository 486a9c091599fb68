/**
 * Prints what the gradient of a network of large maps, each layer's of another shape, takes while it is computed, as JSON: MiB
 * of the maps that it keeps from the forward pass (one a layer) and of the largest, and the growth in MiB of the most memory
 * that the process ever held. Run by ../mapped-weights.test.ts.
 */
import { openDevice } from '../../../dist/harness/engine/device.js';
import { conv2d, groupNormSilu } from '../../../dist/harness/engine/ops.js';
import { tf } from '../../../dist/harness/engine/tf.js';
import { loadWeights } from '../../../dist/harness/networks/load-weights.js';
import { ShapeList } from '../../../dist/harness/networks/parameter-shapes.js';
import { streamSafetensors } from '../../../dist/harness/networks/safetensors-writer.js';

const [path] = process.argv.slice(2);
const SIDE = 256;
const CHANNELS = [64, 80, 96, 112, 128, 144];
const GROUPS = 16;

const shapes = new ShapeList();
for (const [i, channels] of CHANNELS.entries()) {
  shapes.norm(`norm.${i}`, channels);
  shapes.conv(`conv.${i}`, channels, CHANNELS[i + 1] ?? channels, 1);
}
// No graph uses it: files from 64 MiB on are mapped.
shapes.linear('unused', 4096, 4096);
streamSafetensors(
  path,
  shapes.specs.map(({ name, shape }) => ({
    name,
    shape,
    dtype: 'F32',
    bytes: () => new Uint8Array(new Float32Array(shape.reduce((n, d) => n * d, 1)).fill(0.1).buffer),
  })),
);

const device = await openDevice('cpu:1');
const { params, mapped } = loadWeights(path, shapes.specs, device.constant);
const layer = (x, i) => {
  const [norm, conv] = [params.scope(`norm.${i}`), params.scope(`conv.${i}`)];
  const activated = groupNormSilu(x, GROUPS, norm.get('weight'), norm.get('bias'), 1e-5);
  return conv2d(activated, conv.get('weight'), conv.get('bias'));
};
const network = (z) => {
  let x = tf.tile(z, [1, CHANNELS[0], 1, 1]);
  for (const i of CHANNELS.keys()) x = layer(x, i);
  return tf.mean(tf.square(x));
};
const gradient = device.compile(({ z }) => ({ dz: tf.grad(network)(z) }));

const picture = (side) => tf.randomNormal([1, 1, side, side], 0, 1, 'float32', 0);
await gradient({ z: picture(8) });
const z = picture(SIDE);
const most = () => process.resourceUsage().maxRSS / 1024;
const before = most();
const { dz } = await gradient({ z });
const finite = (await dz.data()).every(Number.isFinite);
const map = (channels) => (4 * channels * SIDE ** 2) / 2 ** 20;
console.log(
  JSON.stringify({
    mapped,
    finite,
    kept: CHANNELS.reduce((sum, channels) => sum + map(channels), 0),
    largest: map(Math.max(...CHANNELS)),
    peak: most() - before,
  }),
);
process.exit(0);
