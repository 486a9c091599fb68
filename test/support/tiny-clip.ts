/** A tiny CLIPModel with weights by the PRNG rule, and what Pillow and PyTorch make of it (test/fixtures/clip/make.py). */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clipConfigSchema } from '../../harness/networks/clip-config.ts';
import { clipParameterShapes } from '../../harness/networks/clip-model.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import type { Image8 } from '../../harness/pictures/image8.ts';
import { ruleUniforms } from '../../harness/verify/rule-weights.ts';
import { type Rule, ruleTensors } from './rule-params.ts';
import { writeTinyClipTokenizer } from './tiny-clip-tokenizer.ts';

export interface ReferencePair {
  readonly width: number;
  readonly height: number;
  readonly caption: string;
  readonly ids: readonly number[];
  /** The middle square after resizing, RGB bytes in base64. */
  readonly crop: string;
  /** Features, not of unit length. */
  readonly image: readonly number[];
  readonly text: readonly number[];
  readonly score: number;
}

const reference: { config: unknown; rule: Rule; pairs: readonly ReferencePair[] } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../fixtures/clip/reference.json', import.meta.url)), 'utf8'),
);

export const tinyClipRule = reference.rule;
export const tinyClipConfig = parseConfig('reference.json', reference.config, clipConfigSchema);
export const referencePairs = reference.pairs;

/** The picture of a pair: noise. */
export function pictureOf({ width, height }: ReferencePair): Image8 {
  const noise = ruleUniforms(`picture/${width}x${height}`, 3 * width * height);
  return { width, height, channels: 3, data: Uint8Array.from(noise, (u) => (u + 1) * 128) };
}

/** Writes the model's folder in transformers' layout and returns its path. */
export function writeTinyClip(): string {
  const folder = writeTinyClipTokenizer();
  writeFileSync(join(folder, 'config.json'), JSON.stringify(reference.config));
  const tensors = ruleTensors(clipParameterShapes(tinyClipConfig), reference.rule);
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  return folder;
}
