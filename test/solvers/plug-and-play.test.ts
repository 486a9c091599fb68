// DiffPIR, RED-diff, PiGDM and MPGD as their papers have them: the official codes' runs are in test/verify.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { blockAverage } from '../../harness/operators/block-average.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import { motionBlur } from '../../harness/operators/motion-blur.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import { pseudoInverse } from '../../harness/operators/proximal.ts';
import diffpir from '../../harness/solvers/diffpir.ts';
import mpgd from '../../harness/solvers/mpgd.ts';
import { plugAndPlay, type Walk } from '../../harness/solvers/parts/plug-and-play.ts';
import { asPicture, firstGuess } from '../../harness/solvers/parts/start.ts';
import pigdm from '../../harness/solvers/pigdm.ts';
import redDiff from '../../harness/solvers/red-diff.ts';
import type { State, Visit } from '../../harness/solvers/run.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, gaussian, image, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

type Numbers = Float32Array;
const read = async (x: Tensor) => (await x.data()) as Numbers;

/** The states after each step: where it started and landed, its x (or mu) and its x0. */
async function walk(solver: Solver, A: Operator, params: Record<string, unknown>, sigma = 0.1) {
  const prior = fakePixelPrior();
  const made = { ...problem(prior, A, 2), sigma };
  const seen: { t: number; next: number; x: Tensor; x0: Tensor }[] = [];
  const keep = ({ t, next }: Visit<unknown>, state: State) => {
    const [x, x0] = [tf.clone((state.x ?? state.mu) as Tensor), tf.clone(state.x0 as Tensor)];
    seen.push({ t, next, x, x0 });
  };
  const { restored } = await run(solver, made, prior, params, { onStep: keep });
  const level = (t: number) => prior.schedule.level(t);
  return { prior, made, seen, restored, level };
}

async function agree(actual: Tensor | Numbers, expected: Tensor, digits = 5): Promise<void> {
  const [found, wanted] = [
    actual instanceof Float32Array ? actual : await read(actual),
    await read(expected),
  ];
  expect(found.length).toBe(wanted.length);
  const apart = found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
  expect(apart).toBeLessThan(10 ** -digits);
}

const fourfold = () => blockAverage(4, image);

describe('the walk of DiffPIR', () => {
  const times = (p: Partial<Walk>) =>
    plugAndPlay(fakePixelPrior(), {
      steps: 7,
      spacing: 'quadratic',
      startTime: null,
      repeats: 1,
      eta: 0,
      ...p,
    }).legs.map(({ t }) => t);

  it('is quadratic as in the public code', () => {
    expect(times({})).toEqual([999, 591, 422, 292, 183, 87, 0]);
    expect(times({ steps: 8 })).toEqual([999, 622, 465, 345, 244, 154, 74, 0]);
  });

  it('may be uniform, start lower, and walk each step several times', () => {
    expect(times({ steps: 4, spacing: 'uniform' })).toEqual([999, 666, 333, 0]);
    expect(times({ steps: 3, startTime: 99 })).toEqual([99, 29, 0]);
    expect(times({ steps: 2, repeats: 2 })).toEqual([999, 999, 0, 0]);
  });

  it('does not start above the last time', () => {
    expect(() => times({ startTime: 1000 })).toThrow('startTime: found 1000; expected at most 999');
  });
});

describe("DiffPIR, the paper's", () => {
  it('ends in the solution of the data step, with rho = lambda sigma^2 / sigma_t^2', async () => {
    const A = fourfold();
    const { made, seen, restored, level } = await walk(diffpir, A, { steps: 4, lambda: 2 });
    const { t, x0 } = seen.at(-1)!;
    const rho = (2 * 0.1 ** 2 * level(t).signal ** 2) / level(t).noise ** 2;
    await agree(restored, A.proximal!(made.y, x0, rho));
  });

  it('of back-projection: x0 + gamma A^T (y - A x0) / (1 + rho), A^T what the public code takes for it', async () => {
    const A = operators['super-resolution']!();
    const params = { steps: 4, dataStep: 'back-projection', backProjectionStep: 0.5 };
    const { made, seen, restored, level } = await walk(diffpir, A, params);
    const { t, x0 } = seen.at(-1)!;
    const rho = (0.1 ** 2 * level(t).signal ** 2) / level(t).noise ** 2;
    const step = tf.mul(A.dpsTranspose!(tf.sub(made.y, A.forward(x0))), 0.5 / (1 + rho));
    await agree(restored, tf.add(x0, step));
  });

  it('starts from noise, the public code from the noised measurement, whose own noise counts', async () => {
    const [start] = [new BatchStreams(0, ['a', 'b']).normal('initial', image)];
    const prior = fakePixelPrior();
    const estimate = (x: Tensor, t: number) => {
      const { signal, noise } = prior.schedule.level(t);
      return tf.clipByValue(tf.mul(x, (0.25 * signal) / (0.25 * signal ** 2 + noise ** 2)), -1, 1);
    };
    const A = operators['gaussian blur']!();
    const paper = await walk(diffpir, A, { steps: 4 });
    await agree(paper.seen[0]!.x0, estimate(start, 999), 3);
    const code = await walk(diffpir, A, { steps: 4, startTime: 300, variant: 'public-code' });
    // noise / signal is nearest to sigma = 0.1 at t = 26 of this schedule.
    const [now, own] = [code.level(300), code.level(26)];
    const a = now.signal / own.signal;
    const x = tf.add(tf.mul(code.made.y, a), tf.mul(start, Math.sqrt(now.noise ** 2 - (a * own.noise) ** 2)));
    await agree(code.seen[0]!.x0, estimate(x, 300));
  });

  it("solves by conjugate gradients where the operator's proximal map has no closed form", async () => {
    const kernel = Float64Array.from({ length: 9 }, () => 1 / 9);
    const A = motionBlur([kernel, kernel], 3, image);
    const { made, restored } = await walk(diffpir, A, { steps: 12 }, 0.01);
    const found = { restored, shape: [2, ...image], progress: [], calls: {}, lost: new Map() };
    expect(await misfit(made, found)).toBeLessThan(1e-3);
  });

  it('costs the passes that it states when steps are repeated', async () => {
    const prior = fakePixelPrior();
    const params = diffpir.params.parse({ steps: 4, repeats: 3 });
    const { calls } = await run(diffpir, problem(prior, fourfold(), 2), prior, params);
    expect([calls.unetForward, diffpir.passes!(params)]).toEqual([12, 12]);
  });
});

it("RED-diff, the paper's: Adam on ||y - A mu||^2 + lambda_t (e - n)^T mu, by hand in three steps", async () => {
  const A = inpainting(tf.ones([1, 1, 16, 16]));
  const { made, seen, restored, level } = await walk(redDiff, A, { steps: 3, lambda: 0.5, lr: 0.2 });
  const streams = new BatchStreams(0, ['a', 'b']);
  const y = Float64Array.from(await read(made.y));
  const mu = Float64Array.from(y);
  const [m, v] = [new Float64Array(y.length), new Float64Array(y.length)];
  for (const [k, { t }] of seen.entries()) {
    const n = await read(streams.normal('step', image));
    const { signal, noise } = level(t);
    for (let i = 0; i < y.length; i++) {
      const e = ((signal * mu[i]! + noise * n[i]!) * noise) / (0.25 * signal ** 2 + noise ** 2);
      const g = 2 * (mu[i]! - y[i]!) + 0.5 * (noise / signal) * (e - n[i]!);
      m[i] = 0.9 * m[i]! + 0.1 * g;
      v[i] = 0.99 * v[i]! + 0.01 * g * g;
      const [first, second] = [m[i]! / (1 - 0.9 ** (k + 1)), v[i]! / (1 - 0.99 ** (k + 1))];
      mu[i]! -= (0.2 * first) / (Math.sqrt(second) + 1e-8);
    }
  }
  await agree(restored, tf.tensor(Float32Array.from(mu)), 4);
});

describe("PiGDM, the paper's", () => {
  const params = { steps: 5, eta: 0, scale: 2 };
  /** One step from the second state to the third, with the picture v that explains what is left of y. */
  async function secondStep(
    sigma: number,
    v: (r: Tensor, noise: number) => Tensor,
  ): Promise<[Tensor, Tensor]> {
    const { made, seen, level } = await walk(pigdm, fourfold(), params, sigma);
    const [{ x }, { t, next, x: found }] = seen.slice(1) as [(typeof seen)[0], (typeof seen)[0]];
    const [now, then] = [level(t), level(next)];
    // The prior's estimate is this share of x, and so is its derivative.
    const share = (0.25 * now.signal) / (0.25 * now.signal ** 2 + now.noise ** 2);
    const x0 = tf.mul(x, share);
    const e = tf.div(tf.sub(x, tf.mul(x0, now.signal)), now.noise);
    const g = tf.mul(v(tf.sub(made.y, made.A.forward(x0)), now.noise), share);
    const moved = tf.add(tf.mul(x0, then.signal), tf.mul(e, then.noise));
    return [found, tf.add(moved, tf.mul(g, 2 * now.signal))];
  }

  it('moves the sample by sqrt(abar) (d x0 / d x)^T A^T (A A^T + sigma^2 / r^2)^-1 (y - A x0)', async () => {
    // A A^T = 1/16 and A^T copies a value's sixteenth to its block.
    const [found, expected] = await secondStep(0.1, (r, noise) =>
      tf.div(pseudoInverse(fourfold(), r), 1 + (16 * 0.1 ** 2) / noise ** 2),
    );
    await agree(found, expected);
  });

  it('by A^+ (y - A x0) where there is no noise', async () => {
    await agree(...(await secondStep(0, (r) => pseudoInverse(fourfold(), r))));
  });

  it('runs without noise where the operator has no pseudo-inverse', async () => {
    const { restored } = await walk(pigdm, operators['gaussian blur']!(), params, 0);
    expect(restored.every(Number.isFinite)).toBe(true);
  });
});

it("MPGD, the paper's: a step c along A^T r / ||r|| on the estimate, which is not clipped; the noise stays", async () => {
  const { made, seen, level } = await walk(mpgd, fourfold(), { steps: 5, eta: 0, scale: 3 });
  const [{ x }, { t, next, x: found }] = seen.slice(1) as [(typeof seen)[0], (typeof seen)[0]];
  const [now, then] = [level(t), level(next)];
  const x0 = tf.mul(x, (0.25 * now.signal) / (0.25 * now.signal ** 2 + now.noise ** 2));
  const e = tf.div(tf.sub(x, tf.mul(x0, now.signal)), now.noise);
  const r = tf.sub(made.y, made.A.forward(x0));
  const length = tf.sqrt(tf.sum(tf.square(r), [1, 2, 3], true));
  const guided = tf.add(x0, tf.mul(tf.div(made.A.adjoint!(r), length), 3));
  await agree(found, tf.add(tf.mul(guided, then.signal), tf.mul(e, then.noise)));
});

const asCode = { variant: 'public-code' };
const asPgdm = { inverse: 'plain', start: 'measurement', keepsMeasured: true, guides: 'estimate-and-noise' };
it.each<[string, Solver, object]>([
  ['DiffPIR', diffpir, asCode],
  ['DiffPIR by back-projection', diffpir, { ...asCode, dataStep: 'back-projection', repeats: 2, eta: 0.5 }],
  ['RED-diff', redDiff, { ...asCode, sigmaX0: 0.01 }],
  ['PiGDM', pigdm, asPgdm],
  ['MPGD', mpgd, asCode],
])("%s, the public code's, runs on every operator", async (_, solver, params) => {
  for (const [name, make] of Object.entries(operators)) {
    const { restored } = await walk(solver, make(), { steps: 6, ...params });
    expect(restored.every(Number.isFinite), name).toBe(true);
  }
});

describe('a start from the measurement', () => {
  it('leaves a picture as it is, in a tensor of its own', async () => {
    const y = gaussian(3, [1, ...image]);
    const start = asPicture(y, image);
    expect(start).not.toBe(y);
    await agree(start, y, 9);
  });

  it("enlarges a smaller one by Keys' cubic with a = -0.75, half-pixel centres and clamped edges", async () => {
    const impulse = tf.tensor([0, 0, 0, 1, 0, 0, 0], [1, 1, 1, 7]);
    const row = [...(await read(asPicture(impulse, [1, 1, 14]))).subarray(4, 10)];
    // At distances of 1.25, 0.75 and 0.25 samples.
    const expected = [-0.1, 0.26, 0.88, 0.88, 0.26, -0.1];
    for (const [i, value] of row.entries()) expect(value).toBeCloseTo(expected[i]!, 1);
    expect(row[2]).toBeCloseTo(0.87890625, 6);
    await agree(asPicture(tf.ones([1, 1, 4, 4]), image), tf.ones([1, ...image]), 6);
  });

  it('is A^+ y where there is one', async () => {
    const A = fourfold();
    const y = gaussian(4, [2, 3, 4, 4]);
    await agree(firstGuess(A, y, image), A.pseudoInverse!(y), 9);
  });
});
