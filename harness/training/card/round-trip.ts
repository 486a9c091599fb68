import type { Device } from '../../engine/device.ts';
import { sizeOf } from '../../engine/shape.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { psnr } from '../../metrics/psnr.ts';
import type { PriorWith } from '../../priors/prior.ts';
import { batchesOf, PIXELS } from './pictures.ts';

export interface RoundTrip {
  /** [N,c,h,w], scaled as the diffusion model sees them. */
  readonly latents: Float32Array;
  /** Decoded again and clipped to [-1,1]: [N,3,64,64]. */
  readonly pixels: Float32Array;
  /** dB, of each picture, on unrounded values. */
  readonly psnr: readonly number[];
}

const BATCH = 20;

/** Encodes pictures [N,3,64,64] and decodes their latents. */
export async function roundTrip(
  device: Device,
  prior: PriorWith<'autoencoder' | 'text'>,
  pixels: Float32Array,
): Promise<RoundTrip> {
  const step = device.compile(({ x }: { x: Tensor }) => {
    const z = prior.autoencoder.encode(x);
    return { z, y: tf.clipByValue(prior.autoencoder.decode(z), -1, 1) };
  });
  const latentSize = sizeOf(prior.shape);
  const count = pixels.length / PIXELS;
  const latents = new Float32Array(count * latentSize);
  const decoded = new Float32Array(pixels.length);
  for (const [start, length] of batchesOf(count, BATCH)) {
    const part = pixels.subarray(start * PIXELS, (start + length) * PIXELS);
    const { z, y } = await step({ x: tf.tensor(part, [length, ...prior.imageShape]) });
    latents.set(await z.data(), start * latentSize);
    decoded.set(await y.data(), start * PIXELS);
    tf.dispose([z, y]);
  }
  const one = (all: Float32Array, i: number): Float32Array => all.subarray(i * PIXELS, (i + 1) * PIXELS);
  const scores = Array.from({ length: count }, (_, i) => psnr(one(decoded, i), one(pixels, i), 2));
  return { latents, pixels: decoded, psnr: scores };
}
