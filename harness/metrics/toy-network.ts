/** The small classifier of toyfaces (toy-features/) that the toy metrics ask. */
import { join } from 'node:path';
import type { Tensor } from '../engine/tf.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { loadWeights } from '../networks/load-weights.ts';
import type { NetworkParams } from '../networks/params.ts';
import {
  type TraitNetworkConfig,
  traitNetworkConfigSchema,
  traitNetworkShapes,
} from '../networks/trait-network.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { doubled } from '../pictures/doubled.ts';
import type { Image8 } from '../pictures/image8.ts';
import type { NetworkDevice } from './network-metric.ts';
import { picturesTensor } from './picture-batches.ts';

const FOLDER = join(PACKAGE_ROOT, 'harness/metrics/toy-features');
const WEIGHTS = join(FOLDER, 'model.safetensors');

/** Of the pictures that it was trained on. */
const SIDE = 64;

/** What every number of it depends on. */
export function networkProtocol() {
  return {
    toy: true,
    backbone: 'toy-features, a classifier of toyfaces',
    weights: `sha256 ${fileSha256(WEIGHTS)}`,
    input: 'uint8 RGB',
    range: 'byte / 127.5 - 1',
    resize: `none; ${SIDE / 2} pixels a side are shown as ${SIDE}, each pixel four times`,
  };
}

interface Network {
  readonly params: NetworkParams;
  readonly config: TraitNetworkConfig;
  dispose(): void;
}

export function readNetworkConfig(): TraitNetworkConfig {
  return readConfigFile(join(FOLDER, 'config.json'), traitNetworkConfigSchema);
}

export function openNetwork(device: NetworkDevice): Network {
  const config = readNetworkConfig();
  const { params, dispose } = loadWeights(WEIGHTS, traitNetworkShapes(config), device.constant);
  return { params, config, dispose };
}

/** RGB pictures of one size as the network is shown them, [B,3,H,W] in [-1,1]. */
export function shownPictures(images: readonly Image8[]): Tensor {
  const { width, height } = images[0]!;
  const half = width === SIDE / 2 && height === SIDE / 2;
  return picturesTensor(half ? images.map(doubled) : images);
}
