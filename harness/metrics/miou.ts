import type { ImageMetric } from './metric.ts';

/**
 * Mean intersection over union of two label maps: for each class that is in either, the pixels that are of it in both over
 * those that are of it in one; then the mean over these classes.
 */
export function miou(a: Uint8Array, b: Uint8Array): number {
  const [both, either] = [new Float64Array(256), new Float64Array(256)];
  for (const [i, label] of a.entries()) {
    const other = b[i]!;
    either[label]!++;
    if (label === other) both[label]!++;
    else either[other]!++;
  }
  let [sum, classes] = [0, 0];
  for (const [label, union] of either.entries()) {
    if (union === 0) continue;
    sum += both[label]! / union;
    classes++;
  }
  return sum / classes;
}

export const miouMetric: ImageMetric = {
  name: 'miou',
  title: 'mIoU',
  version: 1,
  of: 'labels',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  better: 'higher',
  digits: 3,
  protocol: {
    input: 'uint8, the index of a class',
    classes: 'those of the truth or the result',
    aggregation: 'per image',
  },
  score: (result, truth) => miou(result.data, truth.data),
};
