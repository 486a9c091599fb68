import { defineMetric } from 'tweedie';

/** The mean absolute difference of two pictures, in grey levels. */
export default defineMetric({
  name: 'mae',
  version: 1,
  of: 'picture',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  better: 'lower',
  digits: 2,
  protocol: { input: 'uint8 RGB', mean: 'over pixels and channels', aggregation: 'per image' },
  score: (restored, truth) =>
    restored.data.reduce((sum, value, i) => sum + Math.abs(value - truth.data[i]!), 0) / truth.data.length,
});
