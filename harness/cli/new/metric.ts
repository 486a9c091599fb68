import { type Beginning, head } from './beginning.ts';

/** A metric to begin with: the mean absolute difference. */
export const metricBeginning: Beginning = {
  what: 'metric',
  module: metric,
  experiment,
  shows: 'a column of it beside PSNR',
};

function metric(name: string): string {
  return `import { defineMetric } from 'tweedie';

/** Say here what the number is: here the mean absolute difference of two pictures, in grey levels. */
export default defineMetric({
  name: '${name}',
  // Raise it whenever the same pictures give another number.
  version: 1,
  of: 'picture',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  better: 'lower',
  digits: 2,
  // Every choice that changes the number: numbers of different protocols never share a column.
  protocol: { input: 'uint8 RGB', mean: 'over pixels and channels', aggregation: 'per image' },
  // Pictures are { width, height, channels, data }, row-major, 0 to 255.
  score: (restored, truth) =>
    restored.data.reduce((sum, value, i) => sum + Math.abs(value - truth.data[i]), 0) / truth.data.length,
});
`;
}

function experiment(name: string): string {
  return `${head(name, {
    besides: `Of two folders of pictures: tweedie evaluate --generated A --reference B --plugin ${name}.js --metrics ${name}`,
  })}
tasks:
  - super-resolution: { factor: 4 }
solvers:
  - ldps: { steps: 20 }
metrics: [psnr, ${name}]
`;
}
