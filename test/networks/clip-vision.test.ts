import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { clipInput } from '../../harness/metrics/clip-input.ts';
import {
  clipImageFeatures,
  clipParameterShapes,
  clipTextFeatures,
} from '../../harness/networks/clip-model.ts';
import type { NetworkParams } from '../../harness/networks/params.ts';
import { DEVICES, looseness, useDevice } from '../support/device.ts';
import { distance } from '../support/fixture.ts';
import { ruleParams } from '../support/rule-params.ts';
import { pictureOf, referencePairs, tinyClipConfig, tinyClipRule } from '../support/tiny-clip.ts';

const side = tinyClipConfig.vision_config.image_size;

describe.each(DEVICES)("CLIP on %s equals PyTorch's layers", (device) => {
  let compile: Compile;
  let params: NetworkParams;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
    params = ruleParams(clipParameterShapes(tinyClipConfig), tinyClipRule);
  });

  it("pictures' features", async () => {
    const inputs = referencePairs.map((pair) => clipInput(pictureOf(pair), side));
    const values = Float32Array.from(inputs.flatMap((input) => [...input]));
    const pixels = tf.tensor(values, [inputs.length, 3, side, side]);
    const features = compile((x: Tensor) => clipImageFeatures(params, tinyClipConfig.vision_config, x));
    await expectRows(await features(pixels), 'image');
  });

  it("texts' features, of the end token", async () => {
    const ids = tf.tensor2d(
      referencePairs.map((pair) => [...pair.ids]),
      undefined,
      'int32',
    );
    const features = compile((x: Tensor) => clipTextFeatures(params, tinyClipConfig, x));
    await expectRows(await features(ids), 'text');
  });

  async function expectRows(actual: Tensor, of: 'image' | 'text'): Promise<void> {
    expect(actual.shape).toEqual([referencePairs.length, tinyClipConfig.projection_dim]);
    const expected = referencePairs.flatMap((pair) => pair[of]);
    expect(distance(await actual.data(), expected).rel_l2).toBeLessThan(2e-6 * looseness(device));
  }
});
