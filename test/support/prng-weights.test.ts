import { expect, it } from 'vitest';
import { prngUniforms } from './prng-weights.ts';

// Test vectors of fixtures/README.md, "PRNG rule".
it.each([
  ['a', [-0.3473470302446249, -0.2460054185716709, -0.8285561715877405]],
  ['test/weight', [0.5956655304851208, 0.5151097711789832, 0.6013544999837752]],
])('the PRNG rule gives the published numbers for "%s"', (key, expected) => {
  expect([...prngUniforms(key, 3)]).toEqual(expected);
});
