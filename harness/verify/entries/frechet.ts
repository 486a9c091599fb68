import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { frechetDistance, type Gaussian, gaussianOf, gaussianOfMoments } from '../../metrics/frechet.ts';
import type { Entry } from '../entry.ts';
import type { Given } from '../given.ts';
import { readParams } from '../unsupported.ts';
import { toDoubles } from '../values.ts';

const paramsSchema = z.discriminatedUnion('source', [
  /** Covariances are divided by rows - ddof. */
  z.strictObject({ source: z.literal('features'), ddof: z.number().int().nonnegative() }),
  z.strictObject({ source: z.literal('statistics') }),
]);

/** f1, f2 [rows,d], or mu1, mu2 [d] and sigma1, sigma2 [d,d] -> fid. */
export const frechetEntry: Entry = {
  name: 'fid.frechet',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const side = (i: 1 | 2) =>
      params.source === 'features'
        ? gaussianOf(given.matrix(`f${i}`), params.ddof)
        : statistics(given, `mu${i}`, `sigma${i}`);
    const [a, b] = [await side(1), await side(2)];
    if (a.mean.length !== b.mean.length)
      throw new UserError(`the first side has ${a.mean.length} features, the second ${b.mean.length}`);
    return { fid: await frechetDistance(a, b) };
  },
};

function statistics(given: Given, mu: string, sigma: string): Promise<Gaussian> {
  const mean = toDoubles(given.values(mu));
  const { rows, columns, data } = given.matrix(sigma);
  if (rows !== mean.length || columns !== mean.length)
    throw new UserError(`${sigma} is ${rows} x ${columns}; ${mu} has ${mean.length} values`);
  return gaussianOfMoments({ mean, covariance: { rows, columns, data: Float64Array.from(data) } });
}
