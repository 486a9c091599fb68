import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { throughCamera } from '../../harness/operators/camera-response.ts';
import { highDynamicRange } from '../../harness/operators/high-dynamic-range.ts';
import { identity } from '../../harness/operators/identity.ts';
import { jpeg } from '../../harness/operators/jpeg.ts';
import { type PhaseRetrieval, phaseRetrieval } from '../../harness/operators/phase-retrieval.ts';
import { separableBlur } from '../../harness/operators/separable-blur.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { gaussian, values } from './support.ts';

const dps: PhaseRetrieval = { pad: 2, inputScale: 1, inputShift: 0, norm: 'ortho', centred: true };

/** |F(P(scale x + shift))| of one plane by the definition, in double precision. */
function magnitudes(x: ArrayLike<number>, [height, width]: [number, number], o: PhaseRetrieval): number[] {
  const [rows, columns] = [height + 2 * o.pad, width + 2 * o.pad];
  const [cy, cx] = o.centred ? [Math.floor(rows / 2), Math.floor(columns / 2)] : [0, 0];
  const pixels = rows * columns;
  const factor = { ortho: 1 / Math.sqrt(pixels), forward: 1 / pixels, backward: 1 }[o.norm];
  return Array.from({ length: pixels }, (_, place) => {
    const [ky, kx] = [Math.floor(place / columns) - cy, (place % columns) - cx];
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < height * width; i++) {
      const [y, z] = [Math.floor(i / width) + o.pad - cy, (i % width) + o.pad - cx];
      const angle = -2 * Math.PI * ((ky * y) / rows + (kx * z) / columns);
      const value = o.inputScale * x[i]! + o.inputShift;
      real += value * Math.cos(angle);
      imaginary += value * Math.sin(angle);
    }
    return factor * Math.hypot(real, imaginary);
  });
}

describe.each(DEVICES)('on %s', (device) => {
  beforeAll(() => useDevice(device));

  it.each<[string, PhaseRetrieval]>([
    ['DPS', dps],
    ['DAPS: pictures in [0,1]', { ...dps, inputScale: 0.5, inputShift: 0.5 }],
    ['not centred, not normalised', { ...dps, pad: 3, norm: 'backward', centred: false }],
    ['divided by the number of pixels', { ...dps, pad: 0, norm: 'forward' }],
  ])('phase retrieval gives the magnitudes of the transform: %s', async (_, options) => {
    const x = gaussian(7, [1, 1, 5, 6]);
    const y = phaseRetrieval(options, [1, 5, 6]).forward(x);
    expect(y.shape).toEqual([1, 1, 5 + 2 * options.pad, 6 + 2 * options.pad]);
    const expected = magnitudes(await values(x), [5, 6], options);
    for (const [i, value] of (await values(y)).entries()) expect(value).toBeCloseTo(expected[i]!, 4);
  });

  it('phase retrieval: the gradient of half the squared norm is x itself, as the transform keeps lengths', async () => {
    const A = phaseRetrieval(dps, [3, 6, 6]);
    const x = gaussian(8, [2, 3, 6, 6]);
    const gradient = await values(tf.grad((z) => tf.mul(tf.sum(tf.square(A.forward(z))), 0.5))(x));
    for (const [i, value] of (await values(x)).entries()) expect(gradient[i]).toBeCloseTo(value, 4);
  });

  it('phase retrieval: the gradient of a magnitude of 0 is 0', async () => {
    const A = phaseRetrieval(dps, [1, 4, 4]);
    const gradient = await values(tf.grad((z) => tf.sum(A.forward(z)))(tf.zeros([1, 1, 4, 4])));
    expect([...gradient].map((v) => v + 0)).toEqual(Array(16).fill(0));
  });

  it.each<[string, Partial<PhaseRetrieval>]>([
    ['ortho', {}],
    ['backward', { norm: 'backward', inputScale: 0.5, inputShift: 0.5 }],
    ['forward', { norm: 'forward', pad: 1 }],
  ])('phase retrieval: its guess is the picture where no phase was lost, %s', async (_, options) => {
    const A = phaseRetrieval({ ...dps, ...options }, [1, 4, 6]);
    const { inputScale = 1, inputShift = 0 } = options;
    // One bright pixel at the centre has a spectrum that is real and positive.
    const bright = new Float32Array(24).map((_, i) => ((i === 2 * 6 + 3 ? 1 : 0) - inputShift) / inputScale);
    const guess = await values(A.guess!(A.forward(tf.tensor(bright, [1, 1, 4, 6]))));
    for (const [i, value] of bright.entries()) expect(guess[i]).toBeCloseTo(value, 5);
  });

  it('high dynamic range guesses what it did not clip', async () => {
    const A = highDynamicRange({ scale: 2, min: -1, max: 1 });
    const guess = A.guess!(A.forward(tf.tensor([0.25, -0.5, 2], [1, 1, 1, 3])));
    expect([...(await values(guess))]).toEqual([0.25, -0.5, 0.5]);
  });

  it('high dynamic range clips, with the gradient of the scale inside and on the bounds', async () => {
    const A = highDynamicRange({ scale: 2, min: -1, max: 1 });
    const x = tf.tensor([0.25, 0.5, -0.5, 0.75, -2], [1, 1, 1, 5]);
    expect([...(await values(A.forward(x)))]).toEqual([0.5, 1, -1, 1, -1]);
    const gradient = await values(tf.grad((z) => tf.sum(A.forward(z)))(x));
    expect([...gradient]).toEqual([2, 2, 2, 0, 0]);
  });

  it('a camera blurs light: black and white stay, a half-lit edge is brighter than grey by the response', async () => {
    const line = Float64Array.of(0.25, 0.5, 0.25);
    const A = throughCamera(separableBlur(Float64Array.of(1), line, [1, 1, 8]), 2.2);
    const x = tf.tensor([-1, -1, -1, -1, 1, 1, 1, 1], [1, 1, 1, 8]);
    const expected = [0, 0, 0, 0.25, 0.75, 1, 1, 1].map((light) => 2 * light ** (1 / 2.2) - 1);
    for (const [i, value] of (await values(A.forward(x))).entries()) {
      // The darkest level that is told apart is a thousandth of white.
      expect(value).toBeCloseTo(Math.max(expected[i]!, 2 * 0.001 ** (1 / 2.2) - 1), 3);
    }
  });

  it('a camera without a blur changes nothing, and its gradient is that of the identity', async () => {
    const A = throughCamera(identity(), 2.2);
    const x = tf.tensor([-0.5, 0, 0.25, 0.9], [1, 1, 2, 2]);
    const gradient = await values(tf.grad((z) => tf.sum(A.forward(z)))(x));
    const y = await values(A.forward(x));
    for (const [i, value] of (await values(x)).entries()) {
      expect(y[i]).toBeCloseTo(value, 5);
      expect(gradient[i]).toBeCloseTo(1, 4);
    }
  });

  /** A picture of smooth waves, through libjpeg and through ours: root mean squares, in levels. */
  async function jpegLosses(quality: number, channels: 1 | 3) {
    const [height, width] = [16, 24];
    const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => {
      const [at, channel] = [Math.floor(i / channels), i % channels];
      const [row, column] = [Math.floor(at / width), at % width];
      return 128 + 60 * Math.sin(0.4 * row + channel) + 40 * Math.cos(0.3 * column * (channel + 1));
    });
    const file = await sharp(pixels, { raw: { width, height, channels } })
      .jpeg({ quality, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const decoded = await sharp(file)
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer();
    const planes = tf.tensor4d(
      Float32Array.from(pixels, (v) => v / 127.5 - 1),
      [1, height, width, channels],
    );
    const y = jpeg(quality, [channels, height, width]).forward(tf.transpose(planes, [0, 3, 1, 2]));
    const ours = Array.from(await values(tf.transpose(y, [0, 2, 3, 1])), (v) => (v + 1) * 127.5);
    const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Math.sqrt(Array.from(a).reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length);
    return { gap: apart(ours, decoded), libjpeg: apart(decoded, pixels), ours: apart(ours, pixels) };
  }

  it.each([10, 50, 95])(
    'JPEG at quality %i makes of a grey picture what libjpeg makes of it',
    async (quality) => {
      const { gap, libjpeg } = await jpegLosses(quality, 1);
      // Its integers round by less than a level.
      expect(gap).toBeLessThan(0.5);
      if (quality === 10) expect(libjpeg).toBeGreaterThan(5 * gap);
    },
  );

  it.each([10, 50, 95])(
    'JPEG at quality %i loses as much of a colour picture as libjpeg',
    async (quality) => {
      // libjpeg rounds Y, Cb and Cr to integers first, which moves some coefficients across a half.
      const { ours, libjpeg } = await jpegLosses(quality, 3);
      expect(Math.abs(ours - libjpeg)).toBeLessThan(0.1 * libjpeg + 0.5);
    },
  );

  it('JPEG passes gradients straight through, and quantises a grey picture as luminance alone', async () => {
    const A = jpeg(50, [1, 8, 8]);
    const x = gaussian(3, [1, 1, 8, 8]);
    const weights = gaussian(4, [1, 1, 8, 8]);
    const gradient = await values(tf.grad((z) => tf.sum(tf.mul(A.forward(z), weights)))(x));
    for (const [i, value] of (await values(weights)).entries()) expect(gradient[i]).toBeCloseTo(value, 5);
    // A flat block has one coefficient, 8 times its level: at quality 50 a multiple of 16, so 2 levels a step.
    const flat = await values(A.forward(tf.fill([1, 1, 8, 8], 161.3 / 127.5 - 1)));
    for (const value of flat) expect((value + 1) * 127.5).toBeCloseTo(162, 3);
  });
});
