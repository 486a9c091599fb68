/** Two blur kernels, whatever their places: a picture that is shifted and a kernel that is shifted back measure the same. */
import type { KernelMetric } from './metric.ts';

/** The largest sum_i a_i b_(i+s) over all shifts s of square kernels with zeros around them. */
function largestCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const side = Math.sqrt(a.length);
  let largest = Number.NEGATIVE_INFINITY;
  for (let down = 1 - side; down < side; down++) {
    for (let across = 1 - side; across < side; across++) {
      let sum = 0;
      for (let row = Math.max(0, -down); row < Math.min(side, side - down); row++) {
        const shifted = (row + down) * side + across;
        for (let column = Math.max(0, -across); column < Math.min(side, side - across); column++)
          sum += a[row * side + column]! * b[shifted + column]!;
      }
      largest = Math.max(largest, sum);
    }
  }
  return largest;
}

function squares(a: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value) => sum + value * value, 0);
}

/** Maximum of normalised convolution (Hu and Yang, ECCV 2012, eq. 7): 1 for the same kernel at another place. */
export function kernelMnc(found: ArrayLike<number>, truth: ArrayLike<number>): number {
  return largestCorrelation(found, truth) / Math.sqrt(squares(found) * squares(truth));
}

/** ||found - truth|| / ||truth|| at the shift where it is least. */
export function kernelError(found: ArrayLike<number>, truth: ArrayLike<number>): number {
  const difference = squares(found) + squares(truth) - 2 * largestCorrelation(found, truth);
  return Math.sqrt(Math.max(0, difference) / squares(truth));
}

const common = {
  version: 1,
  of: 'kernel',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  digits: 3,
} as const;
const protocol = { input: 'kernels with sum 1', shift: 'the best of all whole pixels, zeros around' };

export const kernelMetrics: readonly KernelMetric[] = [
  { ...common, name: 'kernel-mnc', title: 'kernel MNC', better: 'higher', protocol, score: kernelMnc },
  { ...common, name: 'kernel-error', title: 'kernel error', better: 'lower', protocol, score: kernelError },
];
