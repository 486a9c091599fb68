import type { Device } from '../../engine/device.ts';
import { normals } from '../../engine/random.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { type DdpmStep, ddpmSample, ddpmStepAt, ddpmTables, pMeanVariance } from '../../priors/ddpm.ts';
import type { PixelPrior } from '../../priors/prior.ts';
import { batchesOf, PIXELS } from './pictures.ts';

const BATCH = 20;

/**
 * Ancestral samples with the learned variance over evenly spaced times, x0 kept within [-1,1]: [N,3,64,64]. The draws of
 * each are its own, keyed by its number.
 * @param onBatch called after each batch with the number of samples done
 */
export async function drawPixelSamples(
  device: Device,
  prior: PixelPrior,
  count: number,
  { steps, seed }: { steps: number; seed: number },
  onBatch: (done: number) => void,
): Promise<Float32Array> {
  const tables = ddpmTables(prior.betas, { method: 'sections', counts: [steps] });
  const step = device.compile(
    ({ x, t, at, gaussian }: { x: Tensor; t: Tensor; at: DdpmStep<Tensor>; gaussian: Tensor }) =>
      ddpmSample(pMeanVariance({ x, ...prior.predict(x, t), at }, { clipDenoised: true }), gaussian),
  );
  const pixels = new Float32Array(count * PIXELS);
  for (const [start, length] of batchesOf(count, BATCH)) {
    const shape = [length, ...prior.imageShape];
    const draw = (number: number): Tensor => {
      const values = new Float32Array(length * PIXELS);
      for (let i = 0; i < length; i++) {
        const image = `sample/${start + i}`;
        values.set(normals({ seed, role: 'sample', image, draw: number }, PIXELS), i * PIXELS);
      }
      return tf.tensor(values, shape);
    };
    let x = draw(steps);
    for (let index = steps - 1; index >= 0; index--) {
      const gaussian = index > 0 ? draw(index) : tf.zeros(shape);
      const at = ddpmStepAt(tables, index);
      const next = await step({ x, t: tables.timestepMap[index]!, at, gaussian });
      tf.dispose([x, gaussian]);
      x = next;
    }
    pixels.set(await x.data(), start * PIXELS);
    x.dispose();
    onBatch(start + length);
  }
  return pixels;
}
