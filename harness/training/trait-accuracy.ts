import { join } from 'node:path';
import * as toyfaces from '../../datasets/toyfaces/index.ts';
import { SIZE, SPLITS } from '../../datasets/toyfaces/index.ts';
import type { Device } from '../engine/device.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { loadWeights } from '../networks/load-weights.ts';
import {
  answersOf,
  pooledFeatures,
  traitFeatures,
  traitLogits,
  traitNetworkConfigSchema,
  traitNetworkShapes,
} from '../networks/trait-network.ts';
import { TRAITS, traitsOf } from './card/traits.ts';

/** Share of the validation split's pictures of which a trained trait network names each trait rightly, by trait. */
export async function traitAccuracy(device: Device, model: string): Promise<Record<string, number>> {
  const count = SPLITS.validation.count;
  const { pixels, captions } = toyfaces.batch(
    'validation',
    Array.from({ length: count }, (_, i) => i),
  );
  const answers = await answersAbout(device, model, pixels);
  return traitShares(answers, captions);
}

/** What a trained trait network says of pictures [N,3,64,64] in [-1,1]: the class of each trait. */
export async function answersAbout(
  device: Device,
  model: string,
  pixels: Float32Array,
): Promise<readonly (readonly number[])[]> {
  const network = readConfigFile(join(model, 'config.json'), traitNetworkConfigSchema);
  const { params, dispose } = loadWeights(
    join(model, 'model.safetensors'),
    traitNetworkShapes(network),
    device.constant,
  );
  const count = pixels.length / (3 * SIZE * SIZE);
  const logitsOf = device.compile(({ x }: { x: Tensor }) =>
    traitLogits(params, pooledFeatures(traitFeatures(params, network, x))),
  );
  const x = tf.tensor(pixels, [count, 3, SIZE, SIZE]);
  const logits = await logitsOf({ x });
  const answers = answersOf(network, (await logits.data()) as Float32Array);
  tf.dispose([x, logits]);
  dispose();
  return answers;
}

/** Of each caption the share of its statements that its own answers bear out. */
export function sharesSeen(answers: readonly (readonly number[])[], captions: readonly string[]): number[] {
  return captions.map((caption, row) => {
    const right = traitsOf(caption).filter((answer, question) => answers[row]![question] === answer);
    return right.length / TRAITS.length;
  });
}

/** By trait the share of captions whose own answers are theirs. */
export function traitShares(
  answers: readonly (readonly number[])[],
  captions: readonly string[],
): Record<string, number> {
  const right = TRAITS.map(() => 0);
  for (const [row, caption] of captions.entries()) {
    for (const [question, answer] of traitsOf(caption).entries())
      if (answers[row]![question] === answer) right[question]!++;
  }
  return Object.fromEntries(TRAITS.map(({ name }, question) => [name, right[question]! / captions.length]));
}
