import { beforeAll, describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { UserError } from '../../harness/errors.ts';
import { restorations } from '../../harness/tasks/index.ts';
import type { Given } from '../../harness/tasks/kinds.ts';
import { refuseMisfit } from '../../harness/tasks/misfit.ts';
import { measure, type Restoration } from '../../harness/tasks/restore/restoration.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const image = [3, 64, 64] as const;

/** Smooth pictures, so that bicubic has something to find. */
function pictures(count: number): Tensor {
  return tf.tidy(() => {
    const coarse = normals({ seed: 0, role: 'sample', image: 'pictures', draw: 0 }, count * 3 * 64);
    const small = tf.transpose(tf.tensor4d(coarse, [count, 3, 8, 8]), [0, 2, 3, 1]) as never;
    const large = tf.image.resizeBilinear(small, [64, 64]);
    return tf.tanh(tf.transpose(large, [0, 3, 1, 2]));
  });
}

function task(name: string): Restoration {
  return restorations.find((candidate) => candidate.name === name)!;
}

function problem(
  name: string,
  params: Record<string, unknown> = {},
  ids = ['a', 'b'],
  seed = 0,
): Promise<Given['restore']> {
  const chosen = task(name);
  return measure(chosen, chosen.params.parse(params), pictures(ids.length), new BatchStreams(seed, ids));
}

async function values(t: Tensor): Promise<number[]> {
  return Array.from(await t.data());
}

/** The mask of an inpainting problem, [B,1,64,64] flattened for each image. */
async function masks({ A }: Given['restore'], count = 2): Promise<number[][]> {
  const all = await values(A.forward(tf.ones([count, 1, 64, 64])));
  return Array.from({ length: count }, (_, i) => all.slice(i * 4096, (i + 1) * 4096));
}

const missing = (mask: number[]) => mask.filter((m) => m === 0).length;

describe.each(restorations.map(({ name }) => name))('%s', (name) => {
  it('has a noise by default and says what its parameters mean', () => {
    const { params, noise } = task(name);
    expect(noise(params.parse({}))).toBe(name === 'denoising' ? 0.2 : 0.01);
    expect(Object.keys(params.shape)).toContain('noise');
    for (const [key, schema] of Object.entries(params.shape)) expect(schema.description, key).toBeTruthy();
  });

  it('refuses a key it does not know', () => {
    expect(task(name).params.safeParse({ nois: 0.1 }).success).toBe(false);
  });

  it('gives an image the same measurement alone, in a batch and in another order', async () => {
    const truth = pictures(1);
    const together = await measure(
      task(name),
      task(name).params.parse({}),
      tf.concat([truth, truth]),
      new BatchStreams(3, ['other', 'mine']),
    );
    const alone = await measure(
      task(name),
      task(name).params.parse({}),
      truth,
      new BatchStreams(3, ['mine']),
    );
    const mine = tf.slice(together.y, [1, 0, 0, 0], [1, ...together.y.shape.slice(1)]);
    expect(await values(mine)).toEqual(await values(alone.y));
  });

  it('adds noise of the stated strength to what is measured, another for each seed', async () => {
    const [clean, noisy, other] = [
      await problem(name, { noise: 0 }),
      await problem(name, { noise: 0.1 }),
      await problem(name, { noise: 0.1 }),
    ];
    const noise = await values(tf.sub(noisy.y, clean.y));
    const seen = noise.filter((n) => n !== 0);
    const deviation = Math.sqrt(seen.reduce((sum, n) => sum + n * n, 0) / seen.length);
    expect(Math.abs(deviation - 0.1)).toBeLessThan(0.02);
    expect(await values(other.y)).toEqual(await values(noisy.y));
    const reseeded = await values((await problem(name, { noise: 0.1 }, ['a', 'b'], 1)).y);
    expect(apart(reseeded, await values(noisy.y))).toBeGreaterThan(0.05);
  });

  it('has a baseline of the shape of the images that is better than a grey picture', async () => {
    const restored = task(name).baseline.solve(await problem(name), image);
    expect(restored.shape).toEqual([2, ...image]);
    const [truth, result] = [await values(pictures(2)), await values(restored)];
    const error = result.reduce((sum, v, i) => sum + (v - truth[i]!) ** 2, 0);
    expect(error).toBeLessThan(truth.reduce((sum, v) => sum + v * v, 0));
  });
});

describe('super-resolution', () => {
  it('measures 8x8 pixels at factor 8; constants survive reduction and the bicubic baseline', async () => {
    const chosen = task('super-resolution');
    const grey = tf.fill([1, ...image], 0.25);
    const made = await measure(chosen, chosen.params.parse({ noise: 0 }), grey, new BatchStreams(0, ['a']));
    expect(made.y.shape).toEqual([1, 3, 8, 8]);
    for (const value of await values(chosen.baseline.solve(made, image))) expect(value).toBeCloseTo(0.25, 6);
  });

  it('says which factor does not fit', async () => {
    await expect(problem('super-resolution', { factor: 5 })).rejects.toThrow(UserError);
    await expect(problem('super-resolution', { factor: 5 })).rejects.toThrow(
      'super-resolution.factor: expected a divisor of both sides for 64x64 images, found 5',
    );
  });
});

describe('deblurring', () => {
  it('refuses even and oversized kernels', async () => {
    await expect(problem('gaussian-deblurring', { kernelSize: 14 })).rejects.toThrow(
      'kernelSize: expected an odd number of at most 127 for 64x64 images, found 14',
    );
    await expect(problem('motion-deblurring', { kernelSize: 129 })).rejects.toThrow('at most 127');
    await expect(problem('gaussian-deblurring', { kernelSize: 127 })).resolves.toBeTruthy();
  });
});

describe('inpainting masks', () => {
  it('box: one square of the stated side inside the margin, another place for each image', async () => {
    const boxes = await masks(await problem('box-inpainting', { side: 20, margin: 6 }));
    expect(apart(boxes[0]!, boxes[1]!)).toBeGreaterThan(0);
    for (const mask of boxes) {
      expect(missing(mask)).toBe(400);
      const rows = mask.flatMap((m, i) => (m === 0 ? [Math.floor(i / 64)] : []));
      const columns = mask.flatMap((m, i) => (m === 0 ? [i % 64] : []));
      for (const line of [rows, columns]) {
        expect(Math.max(...line) - Math.min(...line)).toBe(19);
        expect(Math.min(...line)).toBeGreaterThanOrEqual(6);
        expect(Math.max(...line)).toBeLessThan(58);
      }
    }
  });

  it('box: says when the square does not fit', async () => {
    await expect(problem('box-inpainting', { side: 60 })).rejects.toThrow(
      'box-inpainting.side: expected at most 56 with margin 4 for 64x64 images, found 60',
    );
    await expect(problem('box-inpainting', { side: 56 })).resolves.toBeTruthy();
    await expect(problem('box-inpainting', { margin: 32 })).rejects.toThrow(
      'margin: expected room for a square',
    );
  });

  it('random: exactly floor(70 %) of the pixels, the same in all channels', async () => {
    const made = await problem('random-inpainting', { noise: 0 });
    for (const mask of await masks(made)) expect(missing(mask)).toBe(Math.floor(0.7 * 4096));
    const seen = await values(made.A.forward(tf.ones([2, ...image])));
    for (let i = 0; i < 4096; i++) expect(new Set([seen[i], seen[4096 + i], seen[8192 + i]]).size).toBe(1);
  });

  it('free-form: 10 to 20 % missing, in few connected pieces', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `image-${i}`);
    for (const mask of await masks(await problem('free-form-inpainting', {}, ids), 20)) {
      expect(missing(mask) / 4096).toBeGreaterThanOrEqual(0.1);
      expect(missing(mask) / 4096).toBeLessThanOrEqual(0.2);
      const border = mask.filter((m, i) => m === 0 && i % 64 !== 63 && mask[i + 1] === 1).length;
      expect(border).toBeLessThan(missing(mask) / 3); // single pixels would have about as many edges as pixels
    }
  });

  it('free-form: an impossible range is a clear error', () => {
    const { params } = task('free-form-inpainting');
    expect(params.safeParse({ minCoverage: 0.3, maxCoverage: 0.2 }).error?.issues[0]?.message).toBe(
      'expected minCoverage < maxCoverage',
    );
  });

  it('free-form: a range that strokes hardly meet is refused before anything is drawn', () => {
    const refuse = (minCoverage: number, maxCoverage: number, side: number) =>
      refuseMisfit(task('free-form-inpainting'), { minCoverage, maxCoverage, noise: 0 }, [3, side, side]);
    expect(() => refuse(0.1, 0.2, 64)).not.toThrow();
    expect(() => refuse(0.1, 0.1001, 64)).toThrow(
      'free-form-inpainting.minCoverage: expected less, so that brush strokes meet the range up to 0.1001 for 64x64 images, found 0.1',
    );
    // Not one whole number of 64 pixels is a tenth of them.
    expect(() => refuse(0.1, 0.101, 8)).toThrow('free-form-inpainting.minCoverage');
  });

  it('leave missing pixels at 0 and free of noise; the baseline keeps the observed ones', async () => {
    const made = await problem('random-inpainting', { noise: 0.2 });
    const [y, mask] = [
      await values(made.y),
      (await values(made.A.forward(tf.ones([2, ...image])))) as number[],
    ];
    const filled = await values(task('random-inpainting').baseline.solve(made, image));
    y.forEach((value, i) => {
      if (mask[i] === 0) expect(Math.abs(value)).toBe(0);
      else expect(filled[i]).toBe(value);
    });
  });
});

describe('Poisson noise', () => {
  const photons = { poisson: 0.5 };

  it('counts photons: mean and variance of mid-grey, and its standard deviation as sigma', async () => {
    const grey = tf.zeros([1, ...image]);
    const chosen = task('denoising');
    const made = await measure(
      chosen,
      chosen.params.parse({ noise: photons }),
      grey,
      new BatchStreams(0, ['a']),
    );
    const y = await values(made.y);
    const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
    const variance = y.reduce((sum, v) => sum + (v - mean) ** 2, 0) / y.length;
    expect(made.noise).toBe('poisson');
    expect(mean).toBeCloseTo(0, 2);
    // Of y = 2 P(63.75) / 127.5 - 1.
    expect(Math.abs(variance - 63.75 * (2 / 127.5) ** 2)).toBeLessThan(0.03 * variance);
    expect(made.sigma).toBeCloseTo(Math.sqrt(63.75) * (2 / 127.5), 6);
    // Whole photons.
    for (const v of y.slice(0, 50)) {
      const photonsCounted = ((v + 1) / 2) * 127.5;
      expect(photonsCounted).toBeCloseTo(Math.round(photonsCounted), 3);
    }
  });

  it('leaves black black, white at most white and missing pixels at 0', async () => {
    const chosen = task('box-inpainting');
    const params = chosen.params.parse({ noise: photons });
    const at = async (level: number) => {
      const flat = tf.fill([1, ...image], level);
      const { y, A } = await measure(chosen, params, flat, new BatchStreams(0, ['a']));
      return { y: await values(y), mask: await values(A.forward(tf.ones([1, ...image]))) };
    };
    const [black, white] = [await at(-1), await at(1)];
    black.y.forEach((v, i) => void expect(v).toBeCloseTo(black.mask[i] === 0 ? 0 : -1, 6));
    white.y.forEach((v, i) => {
      if (white.mask[i] === 0) expect(Math.abs(v)).toBe(0);
      else expect(v).toBeLessThanOrEqual(1);
    });
  });

  it('is the same for an image alone and in a batch', async () => {
    const chosen = task('motion-deblurring');
    const params = chosen.params.parse({ noise: photons });
    const truth = pictures(1);
    const pair = await measure(
      chosen,
      params,
      tf.concat([truth, truth]),
      new BatchStreams(3, ['other', 'mine']),
    );
    const alone = await measure(chosen, params, truth, new BatchStreams(3, ['mine']));
    expect((await values(pair.y)).slice(3 * 64 * 64)).toEqual(await values(alone.y));
  });

  it('is refused where measurements are no pictures', () => {
    expect(task('phase-retrieval').params.safeParse({ noise: photons }).success).toBe(false);
  });
});

describe('phase retrieval', () => {
  it('measures a picture of the stated padding, and shows it as one', async () => {
    const { y, A } = await problem('phase-retrieval');
    expect(y.shape).toEqual([2, 3, 96, 96]);
    const shown = await values(A.shown!(y));
    expect(Math.min(...shown)).toBeCloseTo(-1, 5);
    expect(Math.max(...shown)).toBeCloseTo(1, 5);
  });

  it('its baseline is the mean colour; of signed pictures, whose sign is lost, grey', async () => {
    const chosen = task('phase-retrieval');
    const truth = pictures(1);
    for (const input of ['unit', 'signed']) {
      const params = chosen.params.parse({ input, noise: 0 });
      const made = await measure(chosen, params, truth, new BatchStreams(0, ['a']));
      const restored = await values(chosen.baseline.solve(made, image));
      const mean = await values(tf.mean(truth, [2, 3]));
      restored.forEach((v, i) => {
        if (i % 997 === 0) expect(v).toBeCloseTo(input === 'unit' ? mean[Math.floor(i / 4096)]! : 0, 4);
      });
    }
  });
});
