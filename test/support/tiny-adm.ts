/** An ADM model small enough for tests, untrained, as safetensors and as torch.save writes it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admConfigOf } from '../../harness/networks/adm-flags.ts';
import { admParameterShapes } from '../../harness/networks/adm-unet.ts';
import { bytesOf, writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { stateDict } from '../networks/pytorch-file/archives.ts';
import { prngWeights } from './prng-weights.ts';

/** Images of 3x16x16. */
export const TINY_ADM = {
  image_size: 16,
  num_channels: 32,
  num_res_blocks: 1,
  channel_mult: '1,1',
  attention_resolutions: 8,
  learn_sigma: true,
  num_head_channels: 16,
  use_scale_shift_norm: true,
  resblock_updown: true,
};

/** Writes model.safetensors and model.pt, the same weights by the PRNG rule, into a new folder and returns its path. */
export function writeTinyAdm(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-adm-'));
  const specs = admParameterShapes(admConfigOf(TINY_ADM, 'tiny'));
  const values = prngWeights(specs, { prefix: 'tiny/adm/', scale: 0.3 });
  const tensors = specs.map(({ name, shape }) => ({ name, shape, data: values.get(name)! }));
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  const saved = tensors.map(({ name, shape, data }) => {
    // As in the reference, whose attention projections are convolutions of width 1.
    const stored = /(qkv|proj_out)\.weight$/.test(name) ? [...shape, 1] : shape;
    return { name, shape: stored, data: bytesOf(data) };
  });
  writeFileSync(join(folder, 'model.pt'), stateDict(saved));
  return folder;
}
