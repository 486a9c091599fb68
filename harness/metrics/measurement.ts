import type { Metric } from './metric.ts';

/** How far a result's own measurement A(x) is from the one that was given. */
export interface MeasurementMetric extends Metric {
  readonly of: 'measurement';
  readonly against: 'measurement';
  readonly level: 'image';
  readonly by: 'arithmetic';
  /**
   * @param rms root mean square of y - A(x) over the entries that A measures, images in [-1,1]
   * @param sigma standard deviation of the noise of y, on the same scale; 0: there is none
   */
  score(rms: number, sigma: number): number;
}

/**
 * About 1 for the truth, whose misfit is the noise itself (Morozov's discrepancy principle); far below 1 the noise is fitted,
 * far above 1 a picture is not of this measurement, however real it looks.
 */
export const misfitMetric: MeasurementMetric = {
  name: 'misfit',
  version: 1,
  of: 'measurement',
  against: 'measurement',
  level: 'image',
  by: 'arithmetic',
  better: 'lower',
  ranked: false,
  digits: 3,
  protocol: {
    value: 'RMS of y - A(x) over measured entries',
    unit: 'sigma of the noise (Poisson: of a mid-grey pixel); without noise the range [-1,1] itself',
    input: 'the result as it was found, before rounding to 8 bits',
  },
  score: (rms, sigma) => (sigma > 0 ? rms / sigma : rms),
};
