import { runSolver } from '../../conformance/run-solver.ts';
import type { Device } from '../../engine/device.ts';
import { uniforms } from '../../engine/random.ts';
import { tf } from '../../engine/tf.ts';
import { psnr } from '../../metrics/psnr.ts';
import type { PriorWith } from '../../priors/prior.ts';
import ldps from '../../solvers/ldps.ts';
import boxInpainting from '../../tasks/restore/box-inpainting.ts';
import gaussianDeblurring from '../../tasks/restore/gaussian-deblurring.ts';
import { measure, type Restoration } from '../../tasks/restore/restoration.ts';
import superResolution from '../../tasks/restore/super-resolution.ts';
import { BatchStreams } from '../../worker/streams.ts';
import type { OracleGap } from './card.ts';
import { derangement } from './derangement.ts';
import { PIXELS, type Pictures } from './pictures.ts';
import { differenceOf, estimateOf } from './scores.ts';

const NOISE = 0.01;

/** The tasks of configs/demo.yaml, with the step sizes that LDPS has there. */
const POSED: readonly { name: string; task: Restoration; params: Record<string, number>; omega: number }[] = [
  {
    name: 'super-resolution x8',
    task: superResolution,
    params: { factor: 8, noise: NOISE },
    omega: 7,
  },
  { name: 'Gaussian deblurring', task: gaussianDeblurring, params: { noise: NOISE }, omega: 1.6 },
  { name: 'box inpainting', task: boxInpainting, params: { noise: NOISE }, omega: 1.3 },
];

/**
 * What a prompt is worth to a solver: LDPS with each picture's own caption, and with another picture's, against the
 * empty prompt. The first is told what no solver knows; it bounds what tuning a prompt could win.
 */
export async function oracleGaps(
  device: Device,
  prior: PriorWith<'autoencoder' | 'text'>,
  { ids, captions, pixels }: Pictures,
  { steps, seed }: { steps: number; seed: number },
): Promise<OracleGap[]> {
  const order = derangement(ids.length, uniforms({ seed, role: 'sample', image: 'captions', draw: 0 }));
  const prompts = {
    empty: captions.map(() => ''),
    own: captions,
    another: order.map((i) => captions[i]!),
  };
  const gaps: OracleGap[] = [];
  for (const { name, task, params, omega } of POSED) {
    const of = async (captions: readonly string[]): Promise<number[]> => {
      tf.engine().startScope();
      try {
        const x = tf.tensor(pixels, [ids.length, ...prior.imageShape]);
        const given = await measure(task, task.params.parse(params), x, new BatchStreams(seed, ids));
        const { restored } = await runSolver(
          ldps,
          { ...given, captions },
          prior,
          { steps, omega, prompt: { from: 'caption' } },
          { compile: device.compile, ids, seed },
        );
        return ids.map((_, i) => psnr(clipped(one(restored, i)), one(pixels, i), 2));
      } finally {
        tf.engine().endScope();
      }
    };
    const [empty, own, another] = [await of(prompts.empty), await of(prompts.own), await of(prompts.another)];
    gaps.push({
      task: name,
      empty: estimateOf(empty),
      own: differenceOf(own, empty),
      another: differenceOf(another, empty),
    });
  }
  return gaps;
}

function one(all: Float32Array, i: number): Float32Array {
  return all.subarray(i * PIXELS, (i + 1) * PIXELS);
}

function clipped(values: Float32Array): Float32Array {
  return values.map((value) => Math.max(-1, Math.min(1, value)));
}
