import { expect, it } from 'vitest';
import { ruleParameter, ruleUniforms } from '../../harness/verify/rule-weights.ts';

// First numbers by the rule, from a Python program of its own.
it.each([
  ['a', [-0.3473470302446249, -0.2460054185716709, -0.8285561715877405]],
  ['test/weight', [0.5956655304851208, 0.5151097711789832, 0.6013544999837752]],
])('the PRNG rule gives the published numbers for "%s"', (key, expected) => {
  expect([...ruleUniforms(key, 3)]).toEqual(expected);
});

// First values of the manifests of items 06 and 07.
it.each([
  ['06-inception/public/Conv2d_1a_3x3.conv.weight', [32, 3, 3, 3], 'w', -0.25279420614242554],
  ['06-inception/public/Conv2d_1a_3x3.bn.bias', [32], 'nb', 0.010381858795881271],
  ['07-lpips/public/vgg/features.0.weight', [64, 3, 3, 3], 'w', -0.2896140515804291],
  ['07-lpips/public/alex/features.0.bias', [64], 'b', -0.003946387208998203],
] as const)('%s begins as the manifest says', (key, shape, kind, first) => {
  expect(ruleParameter(key, shape, kind, 6)[0]).toBe(first);
});

it('scales weights, biases and embeddings after a first rounding, and norms never', () => {
  const first = (kind: 'w' | 'b' | 'nw' | 'emb') =>
    ruleParameter('key', [4, 4], kind, 3, { scale: 0.03, embeddingScale: 0.02 })[0]!;
  const plain = (kind: 'w' | 'b' | 'nw' | 'emb') => ruleParameter('key', [4, 4], kind, 3)[0]!;
  expect(first('w')).toBe(Math.fround(plain('w') * 0.03));
  expect(first('b')).toBe(Math.fround(plain('b') * 0.03));
  expect(first('emb')).toBe(Math.fround(plain('emb') * 0.02));
  expect(first('nw')).toBe(plain('nw'));
});

it('gives running variances of at least 1', () => {
  const variances = ruleParameter('variance', [100], 'rv', 6);
  expect(Math.min(...variances)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...variances)).toBeLessThanOrEqual(1.5);
});
