import { expect, it } from 'vitest';
import { initialise } from '../../harness/networks/initialise.ts';
import { countParameters, ShapeList } from '../../harness/networks/parameter-shapes.ts';
import { ruleUniforms } from '../../harness/verify/rule-weights.ts';

const shapes = new ShapeList();
shapes.conv('conv', 4, 50, 3);
shapes.linear('proj', 100, 30);
shapes.norm('norm', 5);
shapes.embedding('tokens', 80, 50);

const draws = ruleUniforms('initialise', 2 * countParameters(shapes.specs));
let next = 0;
const values = initialise(shapes.specs, () => (draws[next++]! + 1) / 2);

const rms = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
const largest = (x: Float32Array) => x.reduce((max, v) => Math.max(max, Math.abs(v)), 0);

it.each([
  ['conv', 4 * 9],
  ['proj', 100],
])("%s: weight and bias are uniform in PyTorch's range 1/sqrt(fan_in)", (name, fanIn) => {
  const bound = 1 / Math.sqrt(fanIn);
  for (const part of ['weight', 'bias']) {
    expect(largest(values.get(`${name}.${part}`)!)).toBeLessThanOrEqual(bound);
    expect(largest(values.get(`${name}.${part}`)!)).toBeGreaterThan(0.8 * bound);
  }
  // A uniform variable's deviation is its bound / sqrt(3); some thousand draws give it to a few per cent.
  expect(rms(values.get(`${name}.weight`)!) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
});

it('norms start as the identity', () => {
  expect(values.get('norm.weight')).toEqual(new Float32Array(5).fill(1));
  expect(values.get('norm.bias')).toEqual(new Float32Array(5));
});

it('embeddings are normal with deviation 0.02', () => {
  const table = values.get('tokens.weight')!;
  expect(rms(table) / 0.02).toBeCloseTo(1, 1);
  expect(largest(table)).toBeGreaterThan(3 * 0.02);
});
