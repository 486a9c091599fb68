import type { Device } from '../../engine/device.ts';
import { normals } from '../../engine/random.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { ddimStep, ddimSteps, z0FromNoise } from '../../priors/ddim.ts';
import type { LatentPrior } from '../../priors/prior.ts';
import { batchesOf, PIXELS } from './pictures.ts';

export interface SamplerOptions {
  readonly steps: number;
  /** w of classifier-free guidance: eps_empty + w (eps_prompt - eps_empty) (Ho and Salimans, arXiv 2207.12598); 1 is none. */
  readonly guidance: number;
  readonly seed: number;
}

const BATCH = 20;

/**
 * DDIM samples (eta 0) of prompts with classifier-free guidance, decoded and clipped to [-1,1]: [N,3,64,64]. The start
 * of each is a draw of its own, keyed by its id.
 * @param onBatch called after each batch with the number of samples done
 */
export async function drawSamples(
  device: Device,
  prior: LatentPrior,
  prompts: readonly { id: string; prompt: string }[],
  { steps, guidance, seed }: SamplerOptions,
  onBatch: (done: number) => void,
): Promise<Float32Array> {
  const step = device.compile(
    (a: Record<'z' | 't' | 'alphaBar' | 'alphaBarNext' | 'w' | 'c' | 'empty', Tensor>) => {
      const prompted = prior.predict(a.z, a.t, a.c).noise;
      const noise = guidance === 1 ? prompted : guide(prompted, prior.predict(a.z, a.t, a.empty).noise, a.w);
      const z0 = z0FromNoise(a.z, noise, a.alphaBar);
      return ddimStep({ z0, noise, alphaBar: a.alphaBar, alphaBarNext: a.alphaBarNext });
    },
  );
  const decode = device.compile(({ z }: { z: Tensor }) => tf.clipByValue(prior.decode(z), -1, 1));
  const size = prior.latentShape.reduce((a, b) => a * b, 1);
  const pixels = new Float32Array(prompts.length * PIXELS);
  for (const [start, length] of batchesOf(prompts.length, BATCH)) {
    const some = prompts.slice(start, start + length);
    const initial = new Float32Array(length * size);
    for (const [i, { id }] of some.entries()) {
      initial.set(normals({ seed, role: 'sample', image: id, draw: 0 }, size), i * size);
    }
    const c = prior.embed(some.map(({ prompt }) => prompt));
    const empty = prior.embed(some.map(() => ''));
    let z: Tensor = tf.tensor(initial, [length, ...prior.latentShape]);
    for (const { t, alphaBar, alphaBarNext } of ddimSteps(prior.schedule, steps)) {
      const next = await step({ z, t, alphaBar, alphaBarNext, w: guidance, c, empty });
      z.dispose();
      z = next;
    }
    const y = await decode({ z });
    pixels.set(await y.data(), start * PIXELS);
    tf.dispose([z, y, c, empty]);
    onBatch(start + length);
  }
  return pixels;
}

function guide(prompted: Tensor, free: Tensor, w: Tensor): Tensor {
  return tf.add(free, tf.mul(w, tf.sub(prompted, free)));
}
