import { type FeatureMatrix, selectRows } from './feature-matrix.ts';
import { imageBlocks, jackknifeError, leaveOut } from './jackknife.ts';
import {
  type GroupedRows,
  groupedKernelSums,
  kernelSums,
  mmd2,
  type PolynomialKernel,
} from './polynomial-kernel.ts';
import { checkComparison, featureRows } from './set-comparison.ts';
import type { FeatureExtractor, FeatureSet, SetMetric } from './set-metric.ts';

/** Binkowski et al. 2018, section 4. */
export const KID_KERNEL: PolynomialKernel = { degree: 3, gamma: null, coef0: 1 };

/**
 * KID: the unbiased squared MMD over all pairs of pictures. It is what clean-fid and torch-fidelity estimate from random
 * subsets, and equals them where the subset is everything.
 */
export function kidMetric(name: string, extractor: FeatureExtractor): SetMetric {
  return {
    name,
    title: name.replace('kid', 'KID'),
    version: 1,
    of: 'picture',
    against: 'reference-set',
    level: 'set',
    by: 'network',
    better: 'lower',
    digits: 4,
    protocol: {
      kernel: '(x.y / d + 1)^3',
      estimator: 'unbiased, all pairs',
      precision: 'float64',
    },
    extractor,
    async score(comparison) {
      checkComparison(name, comparison);
      const { generated, reference, paired } = comparison;
      const blocks = imageBlocks(generated.images);
      const staying = blocks.count;
      const grouped = (set: FeatureSet, leaves: boolean): GroupedRows => ({
        rows: featureRows(set),
        groupOf: Int32Array.from(set.images, (id) => (leaves ? (blocks.of.get(id) ?? staying) : staying)),
      });
      const sums = await groupedKernelSums(
        grouped(generated, true),
        grouped(reference, paired),
        blocks.count + 1,
        KID_KERNEL,
      );
      const replicates = leaveOut(comparison).map((_, block) => mmd2(sums.without(block)));
      return { value: mmd2(sums.all), standardError: jackknifeError(replicates), replicates, warnings: [] };
    },
  };
}

/** Squared MMD of given subsets of rows: mean and standard deviation over the subsets (divided by count - ddof). */
export async function kidOfSubsets(
  x: FeatureMatrix,
  y: FeatureMatrix,
  subsets: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[],
  kernel: PolynomialKernel = KID_KERNEL,
  { unbiased = true, ddof = 0 } = {},
): Promise<{ mean: number; std: number }> {
  const values: number[] = [];
  for (const subset of subsets)
    values.push(mmd2(await kernelSums(selectRows(x, subset.x), selectRows(y, subset.y), kernel), unbiased));
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - ddof)) };
}
