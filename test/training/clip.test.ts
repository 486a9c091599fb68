import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batch, captionOf, neighboursOf, sample, TRAIT_NAMES } from '../../datasets/toyfaces/index.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { uniforms } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { TOY_CLIP_FOLDER } from '../../harness/metrics/clip-score-toy.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { CLIP_FOLDER, EMBEDDED_FOLDER } from '../../harness/priors/embedded.ts';
import { TEXT_PIXEL_FOLDER } from '../../harness/priors/embedded-text-pixel.ts';
import { askedOf, type ClipTowers, clipAccuracy } from '../../harness/training/clip-accuracy.ts';
import { infoNce, otherPairs } from '../../harness/training/info-nce.ts';
import { measureClip } from '../../harness/training/jobs/clip.ts';
import { measureClipImage } from '../../harness/training/jobs/clip-image.ts';
import { measureNoisedClip } from '../../harness/training/jobs/noised-clip.ts';
import { NeighbourPairs } from '../../harness/training/neighbour-pairs.ts';
import { runTraining } from '../../harness/training/run.ts';
import { temporaryFolder } from '../store/example.ts';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu:1');
});

describe('the contrastive loss', () => {
  const lossOf = async (images: number[][], texts: number[][], bias: Float32Array, logScale: number) => {
    const given = {
      images: tf.tensor2d(images),
      texts: tf.tensor2d(texts),
      logScale: tf.scalar(logScale),
      bias: tf.tensor(bias, [images.length, images.length]),
    };
    const loss = await device.compile(({ images, texts, logScale, bias }: Record<string, Tensor>) =>
      infoNce({ images: images!, texts: texts!, logScale: logScale! }, bias!),
    )(given);
    return (await loss.data())[0]!;
  };
  const none = new Float32Array(4);
  const softplus = (x: number) => Math.log1p(Math.exp(x));

  it('is the mean cross-entropy of both directions, of directions alone, not of lengths', async () => {
    const images = [
      [1, 0],
      [0, 3],
    ];
    const texts = [
      [2, 0],
      [0.6, 0.8],
    ];
    // Cosines: (1, 0.6), (0, 0.8); times e^1.
    const [a, b, c, d] = [1, 0.6, 0, 0.8].map((cosine) => Math.E * cosine) as [
      number,
      number,
      number,
      number,
    ];
    const rows = (softplus(b - a) + softplus(c - d)) / 2;
    const columns = (softplus(c - a) + softplus(b - d)) / 2;
    expect(await lossOf(images, texts, none, 1)).toBeCloseTo((rows + columns) / 2, 5);
    const scaled = images.map((row) => row.map((value) => 7 * value));
    expect(await lossOf(scaled, texts, none, 1)).toBeCloseTo((rows + columns) / 2, 5);
  });

  it('multiplies cosines by 100 at most', async () => {
    const images = [
      [1, 0],
      [0.9, Math.sqrt(1 - 0.81)],
    ];
    expect(await lossOf(images, images, none, 20)).toBeCloseTo(softplus(-10), 5);
  });

  it('passes over wrong pairs with the same caption', async () => {
    const bias = otherPairs(['a', 'b', 'a']);
    expect([...bias].map((value) => value < 0)).toEqual([
      ...[false, false, true],
      ...[false, false, false],
      ...[true, false, false],
    ]);
    const both = [
      [1, 0],
      [1, 0],
    ];
    expect(await lossOf(both, both, otherPairs(['a', 'b']), 1)).toBeCloseTo(Math.log(2), 5);
    expect(await lossOf(both, both, otherPairs(['a', 'a']), 1)).toBeCloseTo(0, 5);
  });
});

describe('the pictures of a step', () => {
  it('are faces, each followed by a neighbour: the same again at every call', () => {
    const pairs = new NeighbourPairs(64, 0);
    const { pixels, captions } = pairs.batch([5, 2]);
    const plain = batch('train', [5, 2]);
    const size = 3 * 64 * 64;
    expect([captions[0], captions[2]]).toEqual(plain.captions);
    expect(pixels.slice(0, size)).toEqual(plain.pixels.slice(0, size));
    expect(pixels.slice(2 * size, 3 * size)).toEqual(plain.pixels.slice(size));
    expect(captions[1]).not.toBe(captions[0]);
    const { attributes } = sample(1, 5);
    const near = new Set<string>();
    const random = uniforms({ seed: 9, role: 'sample', image: 'neighbours', draw: 0 });
    for (let n = 0; n < 200; n++)
      for (const neighbour of neighboursOf(attributes, random)) near.add(captionOf(neighbour.attributes));
    expect(near).toContain(captions[1]);
    expect(new NeighbourPairs(64, 0).batch([5, 2])).toEqual({ pixels, captions });
  });
});

describe('the accuracy of a CLIP', () => {
  /** Towers that read a picture's caption off its first pixel: `spoil` of them are wrong. */
  const measure = async (vectorOf: (caption: string) => number[], spoil: (i: number) => boolean) => {
    const { captions } = batch(
      'validation',
      Array.from({ length: 200 }, (_, i) => i),
    );
    const rows = (texts: readonly string[]) => Float32Array.from(texts.flatMap(vectorOf));
    const towers: ClipTowers = {
      side: 64,
      images: async () => rows(captions.map((caption, i) => (spoil(i) ? '' : caption))),
      texts: async (texts) => rows(texts),
    };
    return clipAccuracy(towers, await askedOf(towers));
  };
  /** A unit vector for each word at its place. */
  const words = (caption: string): number[] => {
    const vector = new Array<number>(512).fill(0);
    for (const [place, word] of caption.split(' ').entries()) {
      let hash = place;
      for (const letter of word) hash = (hash * 31 + letter.charCodeAt(0)) % 511;
      vector[hash]! += 1;
    }
    vector[511] = 1e-3;
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };

  it('is 1 throughout for one that reads captions off pictures', async () => {
    const measured = await measure(words, () => false);
    expect(Object.keys(measured)).toEqual(
      expect.arrayContaining(['caption', 'picture', 'neighbours', 'hat', 'eyes']),
    );
    expect(measured.caption).toBe(1);
    expect(measured.picture).toBe(1);
    expect(measured.neighbours).toBeGreaterThan(0.99);
  });

  it('falls with what is wrong, and is 0 for one that knows nothing', async () => {
    const half = await measure(words, (i) => i % 2 === 0);
    expect(half.caption).toBeCloseTo(0.5, 1);
    const nothing = await measure(
      () => [1],
      () => false,
    );
    expect([nothing.caption, nothing.picture, nothing.neighbours]).toEqual([0, 0, 0]);
  });
});

describe.each([
  { kind: 'clip', from: TOY_CLIP_FOLDER, measures: 'eyes' },
  { kind: 'noised-clip', from: join(TEXT_PIXEL_FOLDER, 'noised_clip'), measures: 'caption at 0.01' },
])('training $kind', ({ kind, from, measures }) => {
  it('begins at a temperature of 0.07, writes its weights, and measures them', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'model'));
    for (const name of ['config.json', 'tokenizer_config.json', 'vocab.json'])
      cpSync(join(from, name), join(folder, 'model', name));
    writeFileSync(
      join(folder, 'tiny.yaml'),
      `kind: ${kind}\nmodel: model\nbatch: 4\nsteps: 1\nlearningRate: 0.001\n`,
    );
    const measured = await runTraining(join(folder, 'tiny.yaml'), device, {
      checkpoints: folder,
      secondsAllowed: Number.POSITIVE_INFINITY,
      onProgress: () => {},
    });
    expect(Object.keys(measured!)).toContain(measures);
    const file = new SafetensorsFile(join(folder, 'model/model.safetensors'));
    expect(file.readFloat32('logit_scale')[0]).toBeCloseTo(-Math.log(0.07), 2);
    file.close();
  });

  it('refuses an odd number of pictures a step', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'odd.yaml'),
      `kind: ${kind}\nmodel: ${from}\nbatch: 5\nsteps: 1\nlearningRate: 0.001\n`,
    );
    const run = runTraining(join(folder, 'odd.yaml'), device, {
      checkpoints: folder,
      secondsAllowed: 0,
      onProgress: () => {},
    });
    await expect(run).rejects.toThrow(/batch/);
  });
});

/** The numbers of a card's table by the words that begin their rows. */
const table = (folder: string): [string, number[]][] =>
  [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| (.+?) \| ((?:[\d.]+ \| ?)+)$/gm)].map(
    ([, name, cells]) => [name!, cells!.split('|').slice(0, -1).map(Number)],
  );

it("CLIP-toy's card says what it measures", async () => {
  const measured = await measureClip(device, TOY_CLIP_FOLDER);
  const rows = table(TOY_CLIP_FOLDER).map(([, [share]]) => share!);
  const traits = TRAIT_NAMES.map((name) => measured[name]!);
  const expected = [measured.caption!, measured.picture!, ...traits, measured.neighbours!];
  expect(rows).toHaveLength(expected.length);
  // Two angles that are nearly the same may fall the other way on another processor.
  for (const [i, share] of expected.entries()) expect(Math.abs(rows[i]! - share)).toBeLessThanOrEqual(0.011);
});

it('the card of the CLIP of noised pictures says what it measures', async () => {
  const folder = join(TEXT_PIXEL_FOLDER, 'noised_clip');
  const measured = await measureNoisedClip(device, folder);
  const rows = table(folder);
  expect(rows).toHaveLength(Object.keys(measured).length / 3);
  for (const [alphaBar, shares] of rows) {
    for (const [i, what] of ['caption', 'picture', 'neighbours'].entries())
      expect(Math.abs(shares[i]! - measured[`${what} at ${alphaBar}`]!)).toBeLessThanOrEqual(0.011);
  }
});

it("the card of the embedded prior's image tower says what it measures", async () => {
  const measured = await measureClipImage(device, CLIP_FOLDER, EMBEDDED_FOLDER);
  const rows = table(CLIP_FOLDER).map(([, [share]]) => share!);
  const traits = TRAIT_NAMES.map((name) => measured[name]!);
  const expected = [measured.caption!, measured.picture!, ...traits, measured.neighbours!];
  expect(rows).toHaveLength(expected.length);
  for (const [i, share] of expected.entries()) expect(Math.abs(rows[i]! - share)).toBeLessThanOrEqual(0.011);
});
