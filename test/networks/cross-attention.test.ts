import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import type { CrossAttention, CrossAttentionLayer } from '../../harness/networks/cross-attention.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';

beforeAll(() => useDevice('cpu-reference'));

const item = '01-sd-unet';

/** A small U-Net of seven cross-attention layers, and its inputs. */
function network() {
  const manifest = readManifest(item);
  const { network, file } = manifest.cases.find((c) => c.network.config === 'sd15')!;
  const fixture = manifest.configs[network.config]!;
  const config = parseConfig(item, fixture.config, unetConfigSchema);
  const params = fixtureParams(fixture, unetParameterShapes(config));
  const inputs = new FixtureFile(item, manifest, file);
  const c = inputs.tensor('c');
  const predict = (attend: Tensor | CrossAttention) =>
    unet2dCondition(
      params,
      config,
      inputs.tensor('z'),
      inputs.tensor('timestep'),
      attend,
    ).dataSync() as Float32Array;
  return { c, predict };
}

/** Its layers, in the order of the pass. */
function layers(): { c: Tensor; all: CrossAttentionLayer[] } {
  const { c, predict } = network();
  const all: CrossAttentionLayer[] = [];
  predict((layer) => {
    all.push(layer);
    return layer.attend(c);
  });
  return { c, all };
}

describe('what stands for the cross-attention', () => {
  it('and attends to the prompt is the network', () => {
    const { c, predict } = network();
    expect(predict((layer) => layer.attend(c))).toEqual(predict(c));
  });

  it('is called once for each layer, also in the middle, and what it gives counts', () => {
    const { c, predict } = network();
    expect(layers().all).toHaveLength(7);
    const mute = predict((layer) => tf.mul(layer.attend(c), 0));
    expect(apart(mute, predict(c))).toBeGreaterThan(1e-3);
  });
});

it('a layer takes its keys back to the context by the adjoint of their projection', () => {
  const { c, all } = layers();
  for (const layer of all) {
    const k = layer.keys(c);
    const w = tf.randomNormal(k.shape, 0, 1, 'float32', 7);
    const [there, back] = [tf.sum(tf.mul(k, w)), tf.sum(tf.mul(c, layer.fromKeys(w)))];
    const [a, b] = [there.dataSync()[0]!, back.dataSync()[0]!];
    expect(Math.abs(a - b)).toBeLessThan(1e-3 * (1 + Math.abs(a)));
    expect(k.shape.slice(0, 2)).toEqual(layer.queries().shape.slice(0, 2));
  }
});
