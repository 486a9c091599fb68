import { normals, uniforms } from '../engine/random.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { AdmConfig } from '../networks/adm-config.ts';
import { admParameterShapes, admUnet } from '../networks/adm-unet.ts';
import { ddpmTables } from '../priors/ddpm.ts';
import type { PixelDiffusionTraining } from './config.ts';
import { hybridTerms, noised, type TimeTables, timeTables } from './hybrid-loss.ts';
import { stratifiedTimes } from './times.ts';
import { Epochs, TrainingPictures } from './toyfaces.ts';
import type { Objective } from './trainer.ts';

export type PixelBatch = { x0: Tensor; noise: Tensor; t: Tensor; at: TimeTables };

/**
 * Pixel U-Net with learned variance under L_hybrid = L_simple + vlbWeight L_vlb (Nichol and Dhariwal, 2021, eq. 16). One
 * term a picture stands for L_vlb, the sum over all times: it is multiplied by their number.
 * @param betas of the training steps
 */
export function pixelDiffusionObjective(
  network: AdmConfig,
  betas: Float64Array,
  { batch, seed, vlbWeight }: PixelDiffusionTraining,
): Objective<PixelBatch> {
  const pictures = new TrainingPictures();
  const epochs = new Epochs(seed, batch);
  const tables = ddpmTables(betas, { method: 'all' });
  const shape = [batch, network.in_channels, network.image_size, network.image_size];
  const size = sizeOf(shape);
  return {
    specs: admParameterShapes(network),
    loss(params, { x0, noise, t, at }) {
      const xt = noised(x0, noise, at);
      const output = admUnet(params, network, xt, t, null);
      const { simple, bits } = hybridTerms({ x0, xt, noise, output }, at);
      return tf.mean(tf.add(simple, tf.mul(bits, vlbWeight * betas.length)));
    },
    batch(step) {
      const { pixels } = pictures.batch(epochs.indices(step));
      const random = uniforms({ seed, role: 'train', image: 'times', draw: step });
      const times = stratifiedTimes(random(), batch, betas.length);
      const noise = normals({ seed, role: 'train', image: 'noise', draw: step }, size);
      return {
        x0: tf.tensor(pixels, shape),
        noise: tf.tensor(noise, shape),
        t: tf.tensor1d(times, 'float32'),
        at: timeTables(tables, times),
      };
    },
  };
}
