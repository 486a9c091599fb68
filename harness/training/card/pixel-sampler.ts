import type { Device } from '../../engine/device.ts';
import { normals } from '../../engine/random.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { PriorWith } from '../../priors/prior.ts';
import { ancestral } from '../../solvers/parts/grids.ts';
import { batchesOf, PIXELS } from './pictures.ts';

const BATCH = 20;

/**
 * Ancestral samples with the learned variance over evenly spaced times, x0 kept within [-1,1]: [N,3,64,64]. The draws of
 * each are its own, keyed by its number.
 * @param onBatch called after each batch with the number of samples done
 */
export async function drawPixelSamples(
  device: Device,
  prior: PriorWith<'learnedVariance'>,
  count: number,
  { steps, seed }: { steps: number; seed: number },
  onBatch: (done: number) => void,
): Promise<Float32Array> {
  const grid = ancestral(prior, steps);
  const step = device.compile(
    ({ x, gaussian, numbers }: { x: Tensor; gaussian: Tensor; numbers: Record<string, Tensor> }) => {
      const at = grid.at(numbers, gaussian);
      return at.draw(at.posterior(x, prior.predict(x, at.t)));
    },
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
    for (const [i, numbers] of grid.coefficients(grid.legs).entries()) {
      const gaussian = numbers.fresh > 0 ? draw(steps - 1 - i) : tf.zeros(shape);
      const next = await step({ x, gaussian, numbers });
      tf.dispose([x, gaussian]);
      x = next;
    }
    pixels.set(await x.data(), start * PIXELS);
    x.dispose();
    onBatch(start + length);
  }
  return pixels;
}
