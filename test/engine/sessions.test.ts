import { describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { compilerFor } from '../../harness/engine/onnx/compile.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import { attention, conv2d, groupNorm, silu, upsampleNearest } from '../../harness/engine/ops.ts';
import { normals } from '../../harness/engine/random.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { type Tensor, type Tensor1D, tf } from '../../harness/engine/tf.ts';

const row = (...values: number[]) => tf.tensor1d(values);
const read = async (tensor: Tensor) => Array.from(await tensor.data<'float32'>());

describe('compiled sessions', () => {
  const scaled = (compile: Compile, factor: number) => compile((x: Tensor) => tf.leakyRelu(x, factor));

  async function kept(capacity: number) {
    const backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity });
    return { compile: compilerFor(backend), sessions: backend.sessions };
  }

  it('are kept up to a bound; the one not used for longest goes', async () => {
    const { compile, sessions } = await kept(2);
    const [a, b, c] = [0.1, 0.2, 0.3].map((factor) => scaled(compile, factor)) as [
      ...Array<ReturnType<typeof scaled>>,
    ];
    const compiledBy = async (step: ReturnType<typeof scaled>) => {
      const before = sessions.compiled;
      await step(row(-1));
      return sessions.compiled - before;
    };
    expect([await compiledBy(a!), await compiledBy(b!), await compiledBy(a!)]).toEqual([1, 1, 0]);
    expect([await compiledBy(c!), await compiledBy(a!), await compiledBy(b!)]).toEqual([1, 0, 1]);
    await sessions.dispose();
  });

  it('may be asked for at once, more than are kept', async () => {
    const { compile, sessions } = await kept(2);
    const factors = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const results = await Promise.all(factors.map(async (f) => read(await scaled(compile, f)(row(-1)))));
    expect(results.flat()).toEqual(factors.map((f) => Math.fround(-f)));
    await sessions.dispose();
  });

  it('do not include a graph that failed: others run on', async () => {
    const { compile, sessions } = await kept(1);
    const whole = tf.tensor2d([1, 2], [1, 2], 'int32');
    const failing = compile((x: Tensor) => tf.matMul(x, x, false, true));
    await expect(failing(whole)).rejects.toThrow('Gemm');
    await expect(failing(whole)).rejects.toThrow('Gemm');
    for (const factor of [0.1, 0.2, 0.3])
      expect(await read(await scaled(compile, factor)(row(-1)))).toEqual([Math.fround(-factor)]);
    await sessions.dispose();
  });
});

describe('the same numbers', () => {
  const random = (name: string, shape: number[]) => {
    const size = sizeOf(shape);
    return tf.tensor(normals({ seed: 3, role: 'sample', image: name, draw: 0 }, size), shape);
  };

  /** A little of everything that a network does, large enough to be worth several threads; loss and gradients. */
  async function results(name: string) {
    const opened = await openDevice(name);
    const [w, rows, ids] = [random('w', [32, 16, 3, 3]), random('rows', [50, 8]), random('ids', [4000])];
    const picked = tf.clipByValue(tf.cast(tf.abs(tf.mul(ids, 20)), 'int32'), 0, 49) as Tensor1D;
    const loss = (x: Tensor, table: Tensor) => {
      const h = silu(groupNorm(conv2d(x, w, null, { padding: 1 }), 4, tf.ones([32]), tf.zeros([32]), 1e-5));
      const tokens = tf.reshape(upsampleNearest(h, [48, 48]), [1, 4, 8 * 48, 48]);
      const attended = attention(tokens, tokens, tokens, 0.1);
      return tf.add(tf.sum(tf.square(attended)), tf.sum(tf.sin(tf.gather(table, picked))));
    };
    const step = opened.compile(({ x, table }: { x: Tensor; table: Tensor }) => ({
      loss: loss(x, table),
      gradients: tf.grads(loss as (...args: Tensor[]) => Tensor)([x, table]),
    }));
    const run = async () => {
      const out = await step({ x: random('x', [1, 16, 24, 24]), table: rows });
      return Promise.all([out.loss, ...out.gradients].map(read));
    };
    return { run, opened };
  }

  it('bit for bit at every call, with one thread or two', async () => {
    const one = await results('cpu:1');
    const first = await one.run();
    expect(first.flat().every(Number.isFinite)).toBe(true);
    expect(await one.run()).toEqual(first);
    const two = await results('cpu:2');
    for (let call = 0; call < 5; call++) expect(await two.run()).toEqual(first);
    await two.opened.dispose();
  });
});
