/** Attention among more tokens than a matrix of scores is kept for: in chunks of queries, with the same numbers. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { type Node, programOf } from '../../harness/engine/onnx/graph.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import { attention } from '../../harness/engine/ops.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { on, real } from './cases/define.ts';
import { answer, expectClose } from './conformance.ts';

const [HEADS, QUERIES, KEYS, WIDTH] = [16, 1100, 1000, 2];
const shapes = { q: [1, HEADS, QUERIES, WIDTH], k: [1, HEADS, KEYS, WIDTH] };
const attend = (q?: Tensor, k?: Tensor, v?: Tensor) => attention(q!, k!, v!, 0.7);

describe('attention of 1,100 queries to 1,000 keys', () => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await openDevice('cpu'));
  });

  it('has the values and gradients of tfjs operators', async () => {
    const args = [shapes.q, shapes.k, shapes.k].map((shape) => real(shape));
    // A bias has attention composed of tfjs's own operators.
    const composed = (q?: Tensor, k?: Tensor, v?: Tensor) => attention(q!, k!, v!, 0.7, tf.scalar(0));
    const expected = await answer(compile, on('composed', composed, ...args), true);
    const actual = await answer(compile, on('in chunks', attend, ...args), true);
    expectClose(actual.values, expected.values, 1e-5);
    expectClose(actual.gradients, expected.gradients, 1e-5);
  });
});

it('an image of a batch that is not a number leaves the others alone', async () => {
  const { compile } = await openDevice('cpu');
  const two = (shape: readonly number[]): Tensor => tf.ones([2, ...shape.slice(1)]);
  const [q, k, v] = [two(shapes.q), two(shapes.k), two(shapes.k)];
  const broken = tf.concat([tf.fill(shapes.q, Number.NaN), tf.ones(shapes.q)]);
  const gradient = compile(({ q, k, v }: Record<'q' | 'k' | 'v', Tensor>) =>
    tf.grad((x: Tensor) => attend(x, k, v))(q),
  );
  const alone = (await (await gradient({ q, k, v })).data()).subarray(q.size / 2);
  const beside = await (await gradient({ q: broken, k, v })).data();
  expect(beside[0]).toBeNaN();
  expect(beside.subarray(q.size / 2)).toEqual(alone);
});

describe.each(['cpu', 'webgpu'] as const)('the gradient on %s', (provider) => {
  async function scores(): Promise<Node[]> {
    const backend = await useOnnxBackend({ threads: 1, provider, capacity: 1 });
    const given = [shapes.q, shapes.k, shapes.k].map((shape) => tf.ones(shape));
    const gradients = tf.grads(attend as (...args: Tensor[]) => Tensor)(given);
    const { order } = programOf(gradients.map((g) => backend.node(g)));
    return order.filter(({ shape }) => shape.at(-1) === KEYS);
  }

  it('never holds the scores of all queries', async () => {
    const held = await scores();
    expect(held.length).toBeGreaterThan(0);
    for (const { shape } of held) expect(shape.at(-2)).toBeLessThan(QUERIES);
  });

  it('computes one chunk after the other', async () => {
    const softmaxes = (await scores()).filter((node) => node.kind === 'op' && node.op === 'Softmax');
    const ordered = softmaxes.filter((node) =>
      softmaxes.some((other) => other !== node && needs(node, other)),
    );
    // In each of two passes two chunks: of one head on the CPU, elsewhere of all. All but the first wait for another.
    expect(softmaxes).toHaveLength(provider === 'cpu' ? 2 * 2 * HEADS : 2 * 2);
    expect(ordered).toHaveLength(softmaxes.length - 1);
  });
});

/** Whether a node's value depends on another's. */
function needs(node: Node, other: Node): boolean {
  return programOf([node]).order.includes(other);
}
