import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';
import { paramsOf } from '../../harness/networks/params.ts';
import { openTextPixel } from '../../harness/priors/text-pixel.ts';
import { readTextPixelFolder } from '../../harness/priors/text-pixel-folder.ts';
import { runTraining } from '../../harness/training/run.ts';
import { type TextDiffusionBatch, textDiffusionObjective } from '../../harness/training/text-diffusion.ts';
import { writeTinyTextPixel } from '../support/tiny-text-pixel.ts';

it('training a text-conditioned pixel model leaves a folder that opens as a prior', async () => {
  const device = await openDevice('cpu:1');
  const model = writeTinyTextPixel({ weights: false });
  const config = join(model, 'tiny.yaml');
  writeFileSync(config, 'kind: text-pixel\nmodel: .\nbatch: 2\nsteps: 2\nlearningRate: 0.001\n');
  const measured = await runTraining(config, device, {
    checkpoints: model,
    secondsAllowed: Number.POSITIVE_INFINITY,
    onProgress: () => {},
  });
  expect(measured).toEqual({ steps: 2 });
  openTextPixel(model, 'tiny', device.constant).dispose();
}, 60_000);

it('the loss is of the velocity where the schedule says so: an untrained network of zeros is off by its square', async () => {
  const device = await openDevice('cpu:1');
  const { unet, textEncoder: text, schedule, tokenizer } = readTextPixelFolder(writeTinyTextPixel());
  const side = unet.sample_size!;
  const set = {
    shape: [3, side, side],
    batch: (indices: readonly number[]) => ({
      values: new Float32Array(indices.length * 3 * side * side).fill(0.5),
      captions: indices.map(() => 'red hat'),
    }),
  };
  const options = { batch: 2, seed: 0, captionDropout: 0 };
  const lossUnder = async (predictionType: 'epsilon' | 'v_prediction') => {
    const objective = textDiffusionObjective(
      { unet, text },
      tokenizer,
      { ...schedule, predictionType },
      set,
      options,
    );
    const zeros = new Map(objective.specs.map(({ name, shape }) => [name, tf.zeros([...shape])]));
    const batch = objective.batch(0) as TextDiffusionBatch;
    const lossOf = device.compile((batch: TextDiffusionBatch) =>
      objective.loss(paramsOf(zeros, 'zeros'), batch),
    );
    const [loss] = await (await lossOf(batch)).data();
    return { loss: loss!, ...batch };
  };
  const meanSquare = async (x: tf.Tensor) => (await tf.mean(tf.square(x)).data())[0]!;
  const ofNoise = await lossUnder('epsilon');
  expect(ofNoise.loss).toBeCloseTo(await meanSquare(ofNoise.noise), 5);
  const { loss, x0, noise, alphaBar } = await lossUnder('v_prediction');
  const v = tf.sub(tf.mul(tf.sqrt(alphaBar), noise), tf.mul(tf.sqrt(tf.sub(1, alphaBar)), x0));
  expect(loss).toBeCloseTo(await meanSquare(v), 5);
  expect(Math.abs(loss - ofNoise.loss)).toBeGreaterThan(0.01);
}, 60_000);
