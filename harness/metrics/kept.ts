import type { Image8 } from '../pictures/image8.ts';
import type { Metric } from './metric.ts';

/** How far what was not to change in an edited picture has stayed as it was. */
export interface KeptMetric extends Metric {
  readonly of: 'kept';
  readonly against: 'truth';
  readonly level: 'image';
  readonly by: 'arithmetic';
  /** @param mask for each pixel, row-major: 0 where nothing was to change, 1 elsewhere */
  score(result: Image8, truth: Image8, mask: ArrayLike<number>): number;
}

/** PSNR over the pixels where nothing was to change, which are the same in the picture and in its counterfactual. */
export const preservationMetric: KeptMetric = {
  name: 'preservation',
  title: 'Preservation',
  version: 1,
  of: 'kept',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  better: 'higher',
  unit: 'dB',
  digits: 2,
  protocol: {
    value: 'PSNR over the pixels where nothing was to change; infinite where all of them are the same',
    input: 'uint8 RGB',
    range: 255,
    mse: 'over pixels and channels',
    aggregation: 'per image',
  },
  score({ data, channels }, truth, mask) {
    let [squares, count] = [0, 0];
    for (const [i, value] of data.entries()) {
      if (mask[Math.floor(i / channels)]! > 0) continue;
      squares += (value - truth.data[i]!) ** 2;
      count++;
    }
    // Nothing that was to stay, and a part that has stayed, are both as they should be.
    return squares === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 * 255 * count) / squares);
  },
};
