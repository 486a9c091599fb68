import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { UserError } from '../../harness/errors.ts';
import { clipInput } from '../../harness/metrics/clip-input.ts';
import { clipScoreMetric } from '../../harness/metrics/clip-score.ts';
import { pillowResize8 } from '../../harness/metrics/resize8.ts';
import { findWeights } from '../../harness/scoring/weights.ts';
import { checkWeights } from '../../harness/weights/check.ts';
import { pictureOf, referencePairs, tinyClipConfig, writeTinyClip } from '../support/tiny-clip.ts';

const model = 'clip-vit-base-patch16';
const metric = clipScoreMetric('clip-score', model);
const side = tinyClipConfig.vision_config.image_size;
const pictures = referencePairs.map(pictureOf);
const captions = referencePairs.map(({ caption }) => caption);

let folder: string;
let device: Device;
beforeAll(async () => {
  folder = writeTinyClip();
  device = await openDevice('cpu:1');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the picture that CLIP sees', () => {
  it.each(referencePairs)("of $width x $height is Pillow's, byte by byte", (pair) => {
    const bytes = Buffer.from(pair.crop, 'base64');
    const input = clipInput(pictureOf(pair), side);
    const mean = [0.48145466, 0.4578275, 0.40821073];
    const deviation = [0.26862954, 0.26130258, 0.27577711];
    const seen = Array.from({ length: bytes.length }, (_, i) => {
      const channel = i % 3;
      const value = input[channel * side * side + Math.floor(i / 3)]!;
      return (value * deviation[channel]! + mean[channel]!) * 255;
    });
    const off = seen.filter((value, i) => Math.abs(value - bytes[i]!) > 1e-3);
    expect(off).toEqual([]);
  });

  it('is not resized where it has the right size', () => {
    const picture = pictures[2]!;
    expect(pillowResize8(picture, { width: side, height: side }).data).toEqual(picture.data);
  });
});

describe('clip-score', () => {
  const paths = () => ({ [model]: folder });

  it('is 100 times the cosine in PyTorch, and 0 where it is negative', async () => {
    const open = await metric.open(paths(), device);
    const scores = await open.scores(pictures, captions);
    expect(scores.filter((score) => score === 0)).not.toEqual([]);
    expect(scores.filter((score) => score > 1)).not.toEqual([]);
    for (const [i, { score }] of referencePairs.entries()) expect(scores[i]).toBeCloseTo(score, 3);
    open.dispose();
  });

  it('of a picture does not depend on its company', async () => {
    const open = await metric.open(paths(), device);
    const together = await open.scores(pictures, captions);
    for (const [i, score] of together.entries())
      expect((await open.scores([pictures[i]!], [captions[i]!]))[0]).toBeCloseTo(score, 3);
    open.dispose();
  });

  it('carries the hash of the folder that it was computed with', () => {
    const hash = () => findWeights(metric, new Map([[model, folder]])).sha256;
    const before = hash();
    expect(metric.protocol(before)).toMatchObject({
      weights: `sha256 ${before[model]}`,
      scale: expect.stringContaining('torchmetrics'),
    });
    const merges = join(folder, 'merges.txt');
    const text = readFileSync(merges, 'utf8');
    writeFileSync(merges, `${text}a b\n`);
    expect(hash()).not.toEqual(before);
    writeFileSync(merges, text);
    expect(hash()).toEqual(before);
  });

  it('is a network that `tweedie weights check` knows', () => {
    const { ok, networks } = checkWeights(folder);
    expect(networks).toMatchObject([{ network: 'CLIPModel', problems: [] }]);
    expect(ok).toBe(true);
  });

  it('says what is missing, and how to get it', () => {
    vi.stubEnv('TWEEDIE_WEIGHTS', join(folder, 'none'));
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect(() => findWeights(metric)).toThrow(UserError);
    expect(() => findWeights(metric)).toThrow(/clip-vit-base-patch16: .* is missing: tweedie weights fetch/);
  });

  it('names the file of a folder that is incomplete', async () => {
    const weights = join(folder, 'model.safetensors');
    renameSync(weights, `${weights}.away`);
    expect(() => findWeights(metric, new Map([[model, folder]]))).toThrow(/model\.safetensors: is not there/);
    renameSync(`${weights}.away`, weights);
  });

  it('refuses a tokenizer whose tokens the text encoder does not have', async () => {
    const path = join(folder, 'config.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"vocab_size":519', '"vocab_size":500'));
    await expect(metric.open(paths(), device)).rejects.toThrow(
      /config\.json: text_config takes 8 of 500 tokens; the tokenizer beside it gives 8 of 519/,
    );
    writeFileSync(path, text);
  });
});
