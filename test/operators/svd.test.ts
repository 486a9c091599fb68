import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { blockAverage } from '../../harness/operators/block-average.ts';
import { transpose } from '../../harness/operators/matrix.ts';
import { basisFrom, svdOf } from '../../harness/operators/svd.ts';
import { useDevice } from '../support/device.ts';
import { difference, gaussian, norm, operators, shape, values } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const decomposed = Object.entries(operators).filter(([, make]) => make().svd);

// Motion blur is another for each picture, and a circular blur's basis is complex.
it('is there for every linear operator but motion blur and circular blur', () => {
  expect(decomposed.map(([name]) => name)).toEqual(
    Object.keys(operators).filter((name) => !/motion|circular/.test(name)),
  );
  expect(() => svdOf(operators['motion blur, a kernel an image']!())).toThrow(
    'operator motion-blur has no singular value decomposition',
  );
});

describe.each(decomposed)('of %s', (_, make) => {
  it('V is orthonormal: V V^T x = x and |V^T x| = |x|', async () => {
    const { vt, v } = svdOf(make());
    const x = gaussian(0, [2, ...shape]);
    expect(vt(x).shape).toEqual(x.shape);
    expect(await difference(v(vt(x)), x)).toBeLessThan(1e-5 * (await norm(x)));
    expect(Math.abs((await norm(vt(x))) - (await norm(x)))).toBeLessThan(1e-5 * (await norm(x)));
  });

  it('A V = U S, and A^T U = V S', async () => {
    const A = make();
    const { values: s, vt, v, ut } = svdOf(A);
    const x = gaussian(1, [2, ...shape]);
    const y = gaussian(2, A.forward(x).shape);
    // Singular values that count as 0 are below a thousandth.
    const tolerance = 1.1e-3 * (await norm(x));
    expect(await difference(ut(A.forward(x)), tf.mul(s(), vt(x)))).toBeLessThan(1e-5 * (await norm(x)));
    expect(await difference(A.adjoint!(y), v(tf.mul(s(), ut(y))))).toBeLessThan(tolerance);
  });

  it('U^T keeps what V and S can make, and is 0 where S is', async () => {
    const A = make();
    const { values: s, v, ut } = svdOf(A);
    const seen = tf.add(tf.step(s()), tf.zeros([2, ...shape]));
    const c = tf.mul(seen, gaussian(3, [2, ...shape]));
    const y = A.forward(v(tf.mul(c, tf.divNoNan(1, s()) as never)));
    expect(await difference(ut(y), c)).toBeLessThan(1e-3 * (await norm(c)));
    const outside = tf.mul(tf.sub(1, seen), ut(gaussian(4, y.shape)));
    expect((await values(outside)).every((value) => value === 0)).toBe(true);
  });
});

it.each(decomposed.filter(([, make]) => make().pseudoInverse))(
  '%s: V S^+ U^T is its pseudo-inverse',
  async (_, make) => {
    const A = make();
    const { values: s, v, ut } = svdOf(A);
    const y = gaussian(5, A.forward(tf.zeros([2, ...shape])).shape);
    const expected = A.pseudoInverse!(y);
    const found = v(tf.mul(ut(y), tf.divNoNan(1, s()) as never));
    expect(await difference(found, expected)).toBeLessThan(1e-4 * (await norm(expected)));
  },
);

it('a block average takes a basis whose constant vector is negative', async () => {
  const basis = basisFrom(new Array<number>(16).fill(-0.25));
  const A = blockAverage(4, shape, basis);
  const { values: s, vt, ut } = svdOf(A);
  const x = gaussian(6, [2, ...shape]);
  expect(await difference(ut(A.forward(x)), tf.mul(s(), vt(x)))).toBeLessThan(1e-5 * (await norm(x)));
});

it('the columns of a basis are orthonormal, the first as asked', () => {
  const basis = basisFrom([0.6, 0, -0.8]);
  const rows = transpose(basis).data;
  const column = (j: number) => Array.from(rows.subarray(3 * j, 3 * j + 3));
  column(0).forEach((value, i) => {
    expect(value).toBeCloseTo([0.6, 0, -0.8][i]!, 12);
  });
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const product = column(i).reduce((sum, value, k) => sum + value * column(j)[k]!, 0);
      expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
    }
  expect(Array.from(basisFrom([1, 0]).data)).toEqual([1, 0, 0, 1]);
});
