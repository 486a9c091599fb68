/** An untrained text-conditioned pixel model of toyfaces: the embedded one's configs with few channels and fresh weights. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uniforms } from '../../harness/engine/random.ts';
import { readClipFolder } from '../../harness/networks/clip-folder.ts';
import { clipTextParameterShapes } from '../../harness/networks/clip-text.ts';
import { initialise } from '../../harness/networks/initialise.ts';
import { noisedClipShapes } from '../../harness/networks/noised-clip.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { TEXT_PIXEL_FOLDER } from '../../harness/priors/embedded-text-pixel.ts';
import { readTextPixelFolder, TEXT_PIXEL_FILES } from '../../harness/priors/text-pixel-folder.ts';

const CONFIGS = [
  'scheduler',
  'tokenizer',
  'text_encoder/config.json',
  'noised_clip/config.json',
  'noised_clip/tokenizer_config.json',
  'noised_clip/vocab.json',
];
const FEW = { block_out_channels: [8, 8, 8], norm_num_groups: 4, attention_head_dim: 2 };

/** Writes it into a new folder and returns its path. */
export function writeTinyTextPixel({ weights = true, noisedClip = true } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-text-pixel-'));
  for (const name of CONFIGS) cpSync(join(TEXT_PIXEL_FOLDER, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'unet'));
  const config = JSON.parse(readFileSync(join(TEXT_PIXEL_FOLDER, TEXT_PIXEL_FILES.unetConfig), 'utf8'));
  writeFileSync(join(folder, TEXT_PIXEL_FILES.unetConfig), JSON.stringify({ ...config, ...FEW }));
  const write = (name: string, specs: readonly ParamSpec[]) => {
    const values = initialise(specs, uniforms({ seed: 0, role: 'train', image: name, draw: 0 }));
    const tensors = specs.map((spec) => ({ ...spec, data: values.get(spec.name)! }));
    writeSafetensors(join(folder, name), tensors);
  };
  if (weights) {
    const { unet, textEncoder } = readTextPixelFolder(folder);
    write(TEXT_PIXEL_FILES.unet, unetParameterShapes(unet));
    write(TEXT_PIXEL_FILES.textEncoder, clipTextParameterShapes(textEncoder));
  }
  if (weights && noisedClip) {
    const clip = readClipFolder(join(folder, 'noised_clip'));
    write('noised_clip/model.safetensors', noisedClipShapes(clip.config));
  }
  return folder;
}
