import type { Device } from '../../engine/device.ts';
import { normals } from '../../engine/random.ts';
import { sizeOf } from '../../engine/shape.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { PriorWith } from '../../priors/prior.ts';
import { ddim } from '../../solvers/parts/grids.ts';
import { guided } from '../../solvers/parts/guidance.ts';
import { batchesOf } from './pictures.ts';

export interface SamplerOptions {
  readonly steps: number;
  /** w of classifier-free guidance: eps_empty + w (eps_prompt - eps_empty) (Ho and Salimans, arXiv 2207.12598); 1 is none. */
  readonly guidance: number;
  readonly seed: number;
}

const BATCH = 20;

/**
 * DDIM samples (eta 0) of prompts with classifier-free guidance, decoded where the prior diffuses latents, and clipped to
 * [-1,1]: [N,C,H,W]. The start of each is a draw of its own, keyed by its id.
 * @param onBatch called after each batch with the number of samples done
 */
export async function drawSamples(
  device: Device,
  prior: PriorWith<'text'>,
  prompts: readonly { id: string; prompt: string }[],
  { steps, guidance, seed }: SamplerOptions,
  onBatch: (done: number) => void,
): Promise<Float32Array> {
  const grid = ddim(prior, { steps, eta: 0 });
  const step = device.compile(
    ({ z, c, empty, numbers }: Record<'z' | 'c' | 'empty', Tensor> & { numbers: Record<string, Tensor> }) => {
      const at = grid.at(numbers, tf.scalar(0));
      const predicted = guided(prior, empty, guidance)(z, at.t, c);
      return at.ddim(at.clean(z, predicted), at.noise(z, predicted));
    },
  );
  const decode = device.compile(({ z }: { z: Tensor }) =>
    tf.clipByValue(prior.autoencoder ? prior.autoencoder.decode(z) : z, -1, 1),
  );
  const size = sizeOf(prior.shape);
  const pixelsOfOne = sizeOf(prior.imageShape);
  const pixels = new Float32Array(prompts.length * pixelsOfOne);
  for (const [start, length] of batchesOf(prompts.length, BATCH)) {
    const some = prompts.slice(start, start + length);
    const initial = new Float32Array(length * size);
    for (const [i, { id }] of some.entries()) {
      initial.set(normals({ seed, role: 'sample', image: id, draw: 0 }, size), i * size);
    }
    const c = prior.text.embed(some.map(({ prompt }) => prompt));
    const empty = prior.text.embed(some.map(() => ''));
    let z: Tensor = tf.tensor(initial, [length, ...prior.shape]);
    for (const numbers of grid.coefficients(grid.legs)) {
      const next = await step({ z, c, empty, numbers });
      z.dispose();
      z = next;
    }
    const y = await decode({ z });
    pixels.set(await y.data(), start * pixelsOfOne);
    tf.dispose([z, y, c, empty]);
    onBatch(start + length);
  }
  return pixels;
}
