import type { Device } from '../../engine/device.ts';
import { normals, uniforms } from '../../engine/random.ts';
import { sizeOf } from '../../engine/shape.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { PriorWith } from '../../priors/prior.ts';
import { reading } from '../../solvers/parts/grids.ts';
import type { NoiseError } from './card.ts';
import { derangement } from './derangement.ts';
import { batchesOf, type Pictures } from './pictures.ts';
import { differenceOf, estimateOf } from './scores.ts';

const BATCH = 20;

/**
 * Error of the noise prediction at each time with three prompts: a picture's own caption, another picture's, none. All
 * three see the same noise.
 * @param diffused the pictures' latents, or the pictures themselves, [N,c,h,w]
 */
export async function noiseErrors(
  device: Device,
  prior: PriorWith<'text'>,
  { ids, captions }: Pictures,
  diffused: Float32Array,
  { times, seed }: { times: readonly number[]; seed: number },
): Promise<NoiseError[]> {
  const step = device.compile(
    ({ z, noise, c, at }: Record<'z' | 'noise' | 'c', Tensor> & { at: Record<string, Tensor> }) => {
      const noisy = tf.add(tf.mul(z, at.signal!), tf.mul(noise, at.noise!));
      const predicted = reading(prior, at).noise(noisy, prior.predict(noisy, at.t!, c));
      return tf.mean(tf.squaredDifference(predicted, noise), [1, 2, 3]);
    },
  );
  const order = derangement(ids.length, uniforms({ seed, role: 'sample', image: 'captions', draw: 0 }));
  const prompts = {
    own: captions,
    shuffled: order.map((i) => captions[i]!),
    empty: captions.map(() => ''),
  };
  const size = sizeOf(prior.shape);
  const errors = times.map(() => ({ own: [] as number[], shuffled: [] as number[], empty: [] as number[] }));
  for (const [start, length] of batchesOf(ids.length, BATCH)) {
    const shape = [length, ...prior.shape];
    const z = tf.tensor(diffused.subarray(start * size, (start + length) * size), shape);
    for (const condition of ['own', 'shuffled', 'empty'] as const) {
      const c = prior.text.embed(prompts[condition].slice(start, start + length));
      for (const [n, t] of times.entries()) {
        const noise = tf.tensor(noiseOf(ids.slice(start, start + length), size, t, seed), shape);
        const result = await step({ z, noise, c, at: { t, ...prior.schedule.level(t) } });
        errors[n]![condition].push(...(await result.data()));
        tf.dispose([noise, result]);
      }
      c.dispose();
    }
    z.dispose();
  }
  return times.map((t, n) => {
    const { own, shuffled, empty } = errors[n]!;
    return {
      t,
      own: estimateOf(own),
      shuffled: differenceOf(shuffled, own),
      empty: differenceOf(empty, own),
    };
  });
}

/** Noise [N,size] of pictures, a draw of its own for each, keyed by its id. */
export function noiseOf(ids: readonly string[], size: number, draw: number, seed: number): Float32Array {
  const noise = new Float32Array(ids.length * size);
  for (const [i, image] of ids.entries())
    noise.set(normals({ seed, role: 'sample', image, draw }, size), i * size);
  return noise;
}
