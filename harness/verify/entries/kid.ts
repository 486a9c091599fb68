import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { type FeatureMatrix, selectRows } from '../../metrics/feature-matrix.ts';
import { kidOfSubsets } from '../../metrics/kid.ts';
import { kernelSums, mmd2 } from '../../metrics/polynomial-kernel.ts';
import type { Entry } from '../entry.ts';
import { readParams } from '../unsupported.ts';

const count = z.number().int().positive();
const kernel = {
  degree: z.number().positive(),
  gamma: z.number().nullable(),
  coef0: z.number(),
  unbiased: z.boolean(),
};
/** `rows`: the first ones of both sides; absent: all. */
const rowsParams = z.strictObject({ ...kernel, rows: count.optional() });
const subsetsParams = z.strictObject({
  ...kernel,
  subsets: count,
  subset_size: count,
  std_ddof: z.number().int().nonnegative(),
});

/** f1, f2 [rows,d] -> mmd2; with kid_idx1, kid_idx2 [subset,row] -> mean and std over the subsets. */
export const kidEntry: Entry = {
  name: 'kid.polynomial',
  async run(given) {
    const [f1, f2] = [given.matrix('f1'), given.matrix('f2')];
    if (!Object.hasOwn(given.params, 'subsets')) {
      const { rows, ...params } = readParams(rowsParams, given.params);
      const [x, y] = [f1, f2].map((side) => firstRows(side, rows ?? side.rows)) as [
        FeatureMatrix,
        FeatureMatrix,
      ];
      return { mmd2: mmd2(await kernelSums(x, y, params), params.unbiased) };
    }
    const params = readParams(subsetsParams, given.params);
    const indices = (argument: string, side: FeatureMatrix) => {
      const { rows, columns, data } = given.matrix(argument);
      if (rows !== params.subsets || columns !== params.subset_size)
        throw new UserError(
          `${argument} is ${rows} x ${columns}; params give ${params.subsets} x ${params.subset_size}`,
        );
      const outside = data.find((index) => index < 0 || index >= side.rows);
      if (outside !== undefined)
        throw new UserError(`${argument}: found index ${outside}; there are ${side.rows} rows`);
      return Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));
    };
    const [first, second] = [indices('kid_idx1', f1), indices('kid_idx2', f2)];
    const subsets = first.map((x, i) => ({ x, y: second[i]! }));
    return kidOfSubsets(f1, f2, subsets, params, { unbiased: params.unbiased, ddof: params.std_ddof });
  },
};

function firstRows(rows: FeatureMatrix, wanted: number): FeatureMatrix {
  if (wanted > rows.rows) throw new UserError(`params.rows: found ${wanted}; there are ${rows.rows} rows`);
  return selectRows(
    rows,
    Array.from({ length: wanted }, (_, i) => i),
  );
}
