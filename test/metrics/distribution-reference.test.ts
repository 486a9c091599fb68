import { describe, expect, it } from 'vitest';
import { type FeatureMatrix, selectRows } from '../../harness/metrics/feature-matrix.ts';
import { frechetDistance, gaussianOf, gaussianOfMoments } from '../../harness/metrics/frechet.ts';
import { KID_KERNEL, kidOfSubsets } from '../../harness/metrics/kid.ts';
import { kernelSums, mmd2 } from '../../harness/metrics/polynomial-kernel.ts';
import { type FixtureCase, readFixture, readManifest } from '../support/fixture.ts';

const item = '06-inception-fid';
const tensors = readFixture(`${item}/fid_kid.safetensors`);

function rows(name: string): FeatureMatrix {
  const { shape, data } = tensors[name]!;
  return { rows: shape[0]!, columns: shape[1]!, data };
}

function expectNumbers({ expect: expected }: FixtureCase, found: Record<string, number>): void {
  for (const { name, value, abs_tol, rel_tol } of expected!) {
    const limit = abs_tol ?? rel_tol! * Math.abs(value);
    expect(Math.abs(found[name]! - value), name).toBeLessThanOrEqual(limit);
  }
}

const cases = (entry: string) =>
  readManifest(item)
    .cases.filter((one) => one.entry === entry)
    .map((one) => [one.name, one] as const);

// tr (S1 S2)^(1/2) by symmetric eigen-decompositions (scipy 1.10.1); more and fewer rows than features.
describe.each(cases('fid.frechet'))('%s', (_, entry) => {
  it('equals the Fréchet distance', async () => {
    const { f1, f2, mu1, sigma1, mu2, sigma2 } = entry.bind!;
    const side = (features?: string, mean?: string, covariance?: string) =>
      entry.params.source === 'features'
        ? gaussianOf(rows(features!))
        : gaussianOfMoments({ mean: tensors[mean!]!.data, covariance: matrix(covariance!) });
    const fid = await frechetDistance(await side(f1, mu1, sigma1), await side(f2, mu2, sigma2));
    expectNumbers(entry, { fid });
  });
});

function matrix(name: string) {
  return { rows: tensors[name]!.shape[0]!, columns: tensors[name]!.shape[1]!, data: tensors[name]!.data };
}

// torch-fidelity's polynomial kernel distance, its subset indices given.
describe.each(cases('kid.polynomial'))('%s', (_, entry) => {
  it("equals torch-fidelity's kernel distance", async () => {
    const { f1, f2, kid_idx1, kid_idx2 } = entry.bind!;
    const [x, y] = [rows(f1!), rows(f2!)];
    const count = Number(entry.params.rows ?? 0);
    if (count > 0) {
      const first = Int32Array.from({ length: count }, (_, i) => i);
      const sums = await kernelSums(selectRows(x, first), selectRows(y, first), KID_KERNEL);
      expectNumbers(entry, { mmd2: mmd2(sums) });
    } else {
      const [a, b] = [tensors[kid_idx1!]!, tensors[kid_idx2!]!];
      const [subsets, size] = a.shape as [number, number];
      const indices = Array.from({ length: subsets }, (_, i) => ({
        x: a.data.subarray(i * size, (i + 1) * size),
        y: b.data.subarray(i * size, (i + 1) * size),
      }));
      expectNumbers(entry, await kidOfSubsets(x, y, indices));
    }
  });
});
