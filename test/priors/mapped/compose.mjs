/**
 * Prints what EBCA's step, two passes of a large U-Net in one graph, costs beside a guided one, as JSON: MiB of weights, the growth
 * in MiB of the memory that belongs to the process alone (RssAnon) by the guided step's graphs and by EBCA's, and how far the two
 * predictions lie apart where nothing is composed. Run by ../mapped-composition.test.ts.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openDevice } from '../../../dist/harness/engine/device.js';
import { tf } from '../../../dist/harness/engine/tf.js';
import { openLatentDiffusion } from '../../../dist/harness/priors/latent-diffusion.js';
import { composed, strengthsOf } from '../../../dist/harness/solvers/parts/compositions.js';
import { towards } from '../../../dist/harness/solvers/parts/guidance.js';
import { anonymous } from '../../support/anonymous-memory.mjs';

const [folder] = process.argv.slice(2);

const device = await openDevice('cpu:2');
const prior = openLatentDiffusion(folder, { name: 'large' }, device.constant);
const [u, c] = [prior.text.embed(['a face']), prior.text.embed(['a red face'])];
const z = tf.randomNormal([1, ...prior.shape], 0, 1, 'float32', 1);
const given = { z, t: tf.scalar(500) };
const guided = device.compile(({ z, t }) => ({
  e: towards(prior.predict(z, t, u), prior.predict(z, t, c), 7.5).value,
}));
const compose = composed(prior, { u, c, w: 7.5 });
const ebca = device.compile(({ z, t, empty, told, strengths }) => {
  const { guided, editorials } = compose(z, { t }, { empty, told: [told] }, strengths);
  return { e: guided.value, ...editorials };
});
const strengths = strengthsOf([
  { share: 1, attn: 0, norm: 0 },
  { share: 0, attn: 0.01, norm: 0.02 },
]);
await Promise.all([u.data(), c.data()]);

const start = anonymous();
const { e } = await guided(given);
const one = anonymous();
const { e: composition } = await ebca({ ...given, empty: u, told: c, strengths });
const two = anonymous();
const values = await e.data();
const furthest = (await composition.data()).reduce(
  (most, v, i) => Math.max(most, Math.abs(v - values[i])),
  0,
);
console.log(
  JSON.stringify({
    weights: statSync(join(folder, 'unet/diffusion_pytorch_model.safetensors')).size / 2 ** 20,
    guided: one - start,
    composed: two - one,
    apart: furthest / Math.max(...values.map(Math.abs)),
  }),
);
process.exit(0);
