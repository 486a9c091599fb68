/** Rows of a weight are a weight of their own: no copy, and the same one each time. */
import { expect, it } from 'vitest';
import { constantRange } from '../../harness/engine/onnx/constant-range.ts';
import { constantNode } from '../../harness/engine/onnx/graph.ts';

const values = Float32Array.from({ length: 12 }, (_, i) => i);

it('in memory they are a view', () => {
  const rows = constantRange(constantNode(values, [4, 3]), 1, 2);
  expect(rows.shape).toEqual([2, 3]);
  const { data } = rows as { data: Float32Array };
  expect([...data]).toEqual([3, 4, 5, 6, 7, 8]);
  expect(data.buffer).toBe(values.buffer);
});

it('in a file they lie further on', () => {
  const file = { path: '/weights', offset: 100, read: () => values };
  const { data } = constantRange(constantNode(file, [4, 3]), 2, 2) as { data: typeof file };
  expect(data).toMatchObject({ path: '/weights', offset: 100 + 2 * 3 * 4 });
  expect([...data.read()]).toEqual([6, 7, 8, 9, 10, 11]);
});

it('equal ones are one, so that a graph that is traced again is known', () => {
  const whole = constantNode(values, [4, 3]);
  expect(constantRange(whole, 1, 2)).toBe(constantRange(whole, 1, 2));
  expect(constantRange(whole, 1, 2)).not.toBe(constantRange(whole, 2, 2));
});
