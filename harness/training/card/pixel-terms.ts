import type { Device } from '../../engine/device.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { ddpmTables } from '../../priors/ddpm.ts';
import { ADM_BETAS } from '../../priors/guided-diffusion.ts';
import type { PriorWith } from '../../priors/prior.ts';
import { hybridTerms, noised, type TimeTables, timeTables } from '../hybrid-loss.ts';
import { noiseOf } from './noise-errors.ts';
import { batchesOf, PIXELS, type Pictures } from './pictures.ts';
import type { TermsAtTime } from './pixel-card.ts';
import { estimateOf } from './scores.ts';

const BATCH = 20;

/** Both terms of the loss that the prior was trained with, of pictures it has not seen, at each time. */
export async function pixelTerms(
  device: Device,
  prior: PriorWith<'learnedVariance'>,
  { ids, pixels }: Pictures,
  { times, seed }: { times: readonly number[]; seed: number },
): Promise<TermsAtTime[]> {
  const tables = ddpmTables(ADM_BETAS, { method: 'all' });
  const step = device.compile(
    ({ x0, noise, t, at }: { x0: Tensor; noise: Tensor; t: Tensor; at: TimeTables }) => {
      const xt = noised(x0, noise, at);
      const predicted = prior.predict(xt, t);
      const output = tf.concat([predicted.value, predicted.variance!], 1);
      return hybridTerms({ x0, xt, noise, output }, at);
    },
  );
  const measured: TermsAtTime[] = [];
  for (const t of times) {
    const [errors, bits] = [[] as number[], [] as number[]];
    for (const [start, length] of batchesOf(ids.length, BATCH)) {
      const shape = [length, ...prior.imageShape];
      const x0 = tf.tensor(pixels.subarray(start * PIXELS, (start + length) * PIXELS), shape);
      const noise = tf.tensor(noiseOf(ids.slice(start, start + length), PIXELS, t, seed), shape);
      const at = timeTables(tables, new Array<number>(length).fill(t));
      const terms = await step({ x0, noise, t, at });
      errors.push(...(await terms.simple.data()));
      bits.push(...(await terms.bits.data()));
      tf.dispose([x0, noise, at, terms]);
    }
    measured.push({ t, error: estimateOf(errors), bits: estimateOf(bits) });
  }
  return measured;
}
