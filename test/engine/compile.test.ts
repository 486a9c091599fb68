import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { SessionCache } from '../../harness/engine/onnx/session.ts';
import { conv2d, silu } from '../../harness/engine/ops.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';

const row = (...values: number[]) => tf.tensor1d(values);
const read = async (tensor: Tensor) => Array.from(await tensor.data<'float32'>());

let device: Device;
beforeEach(async () => {
  device = await openDevice('cpu:1');
});
afterEach(() => device.dispose());

describe('a step is compiled', () => {
  it('once, whatever its arguments hold', async () => {
    const step = device.compile(({ x, y }: { x: Tensor; y: Tensor }) => tf.add(tf.mul(x, x), y));
    expect(await read(await step({ x: row(1, 2), y: row(3, 4) }))).toEqual([4, 8]);
    expect(await read(await step({ x: row(5, 6), y: row(7, 8) }))).toEqual([32, 44]);
    expect(await read(await step({ x: row(0, 0), y: row(0, 1) }))).toEqual([0, 1]);
    expect(device.compilations()).toBe(1);
  });

  it('once for all numbers, and for scalar tensors in their place', async () => {
    const step = device.compile(({ x, k }: { x: Tensor; k: Tensor }) => tf.mul(x, k));
    expect(await read(await step({ x: row(1, 2), k: 3 }))).toEqual([3, 6]);
    expect(await read(await step({ x: row(1, 2), k: -0.5 }))).toEqual([-0.5, -1]);
    expect(await read(await step({ x: row(1, 2), k: tf.scalar(10) }))).toEqual([10, 20]);
    expect(device.compilations()).toBe(1);
  });

  it('once for each shape, type and structure of its arguments', async () => {
    const step = device.compile((args: readonly Tensor[]) =>
      args.map((x) => tf.cast(x, 'float32')).reduce((a, b) => tf.add(a, b)),
    );
    for (let round = 0; round < 3; round++) {
      expect(await read(await step([row(1, 2)]))).toEqual([1, 2]);
      expect(await read(await step([row(1, 2, 3)]))).toEqual([1, 2, 3]);
      expect(await read(await step([tf.tensor1d([1, 2], 'int32')]))).toEqual([1, 2]);
      expect(await read(await step([row(1, 2), row(3, 4)]))).toEqual([4, 6]);
    }
    expect(device.compilations()).toBe(4);
  });

  it('not again where another step records the same graph', async () => {
    const make = () => device.compile((x: Tensor) => tf.exp(tf.neg(x)));
    await make()(row(1));
    await make()(row(2));
    expect(device.compilations()).toBe(1);
  });

  it('to run each shared expression once', async () => {
    const ran = programs();
    const step = device.compile((x: Tensor) => tf.add(tf.exp(tf.mul(x, 2)), tf.exp(tf.mul(x, 2))));
    expect(await read(await step(row(0)))).toEqual([2]);
    expect(ran().at(-1)).toEqual(['Mul', 'Exp', 'Add']);
  });

  it('with a forward pass that value and gradient share', async () => {
    const ran = programs();
    const f = (x: Tensor) => tf.sum(tf.sigmoid(x));
    await device.compile((x: Tensor) => ({ value: f(x), gradient: tf.grad(f)(x) }))(row(0.5, 1));
    expect(
      ran()
        .at(-1)!
        .filter((op) => op === 'Sigmoid'),
    ).toHaveLength(1);
  });
});

describe('what a step returns', () => {
  it('has the structure that the function gave it', async () => {
    const step = device.compile(({ x }: { x: Tensor }) => ({
      twice: tf.mul(x, 2),
      list: [tf.neg(x), { deep: tf.sum(x), none: [] as Tensor[] }] as const,
    }));
    const out = await step({ x: row(1, 2) });
    expect(Object.keys(out)).toEqual(['twice', 'list']);
    expect(await read(out.twice)).toEqual([2, 4]);
    expect(await read(out.list[0])).toEqual([-1, -2]);
    expect(await read(out.list[1].deep)).toEqual([3]);
    expect(out.list[1].none).toEqual([]);
  });

  it('may be an argument, a captured tensor, a constant, or the same tensor twice', async () => {
    const [captured, constant] = [row(7), device.constant(Float32Array.of(8), [1])];
    const step = device.compile(({ x }: { x: Tensor }) => {
      const sum = tf.add(x, 1);
      return { x, captured, constant, sum, again: sum };
    });
    const out = await step({ x: row(1) });
    expect(await Promise.all(Object.values(out).map(read))).toEqual([[1], [7], [8], [2], [2]]);
  });

  it('keeps types and shapes', async () => {
    const step = device.compile((x: Tensor) => ({
      truth: tf.greater(x, 0),
      whole: tf.cast(x, 'int32'),
      scalar: tf.sum(x),
      none: tf.slice(x, 0, 0),
    }));
    const { truth, whole, scalar, none } = await step(row(-1.5, 2.5));
    expect([truth, whole, scalar, none].map(({ dtype, shape }) => [dtype, shape])).toEqual([
      ['bool', [2]],
      ['int32', [2]],
      ['float32', []],
      ['float32', [0]],
    ]);
    expect(await Promise.all([truth, whole, scalar, none].map(read))).toEqual([[0, 1], [-1, 2], [1], []]);
  });
});

describe('what a step captures', () => {
  it('is used at every call', async () => {
    const [offset, weight] = [row(10, 20), device.constant(Float32Array.of(2, 3), [2])];
    const step = device.compile((x: Tensor) => tf.add(tf.mul(x, weight), tf.mul(offset, 0.5)));
    expect(await read(await step(row(1, 1)))).toEqual([7, 13]);
    expect(await read(await step(row(2, 2)))).toEqual([9, 16]);
  });

  it('may be weights that lie in one buffer, as a file holds them', async () => {
    const file = Float32Array.of(0, 1, 2, 3, 4, 5);
    const [a, b] = [1, 3].map((start) => device.constant(file.subarray(start, start + 2), [2])) as [
      Tensor,
      Tensor,
    ];
    const step = device.compile((x: Tensor) => tf.add(tf.mul(x, a), b));
    expect(await read(await step(row(10, 100)))).toEqual([13, 204]);
  });

  it.each<[string, () => Tensor | number, () => Tensor | number, RegExp]>([
    ['a number', () => 2, () => 3, /uses a value from outside that changed between calls \(2, then 3\)/],
    ['a tensor', () => row(1, 2), () => row(3, 4), /changed between calls \(a tensor of shape \[2\]\)/],
    [
      'a weight',
      () => device.constant(Float32Array.of(1, 2), [2]),
      () => device.constant(Float32Array.of(1, 2), [2]),
      /changed its graph between calls/,
    ],
  ])('must not vary: %s that does is refused at the second call', async (_, first, second, message) => {
    let captured: Tensor | number = first();
    const step = device.compile((x: Tensor) => tf.mul(x, captured));
    await step(row(1, 2));
    captured = second();
    await expect(step(row(1, 2))).rejects.toThrow(message);
    await expect(step(row(1, 2))).rejects.toThrow('pass what varies as an argument of the step');
  });

  it('must not decide what is recorded', async () => {
    let again = false;
    const step = device.compile((x: Tensor) => (again ? tf.exp(x) : tf.neg(x)));
    await step(row(1));
    again = true;
    await expect(step(row(1))).rejects.toThrow('changed its graph between calls');
  });

  it('is looked at again now and then, should it vary later', async () => {
    let factor = 1;
    const step = device.compile((x: Tensor) => tf.mul(x, factor));
    for (let call = 0; call < 3; call++) await step(row(1));
    factor = 2;
    const later = async () => {
      for (let call = 0; call < 64; call++) await step(row(1));
    };
    await expect(later()).rejects.toThrow('(1, then 2)');
  });

  it('is computed once, before the first call, if it was only recorded', async () => {
    const ran = programs();
    const recorded = tf.exp(row(0, 0));
    const step = device.compile((x: Tensor) => tf.add(x, recorded));
    expect(await read(await step(row(1, 2)))).toEqual([2, 3]);
    expect(await read(await step(row(3, 4)))).toEqual([4, 5]);
    expect(ran()).toEqual([['Exp'], ['Add'], ['Add']]);
  });
});

describe('outside a step', () => {
  it('a tensor is computed when it is read, which takes an await', async () => {
    const ran = programs();
    const recorded = tf.exp(row(0));
    expect(() => recorded.dataSync()).toThrow('this tensor is not computed yet: use `await tensor.data()`');
    expect(ran()).toEqual([]);
    expect(await read(recorded)).toEqual([1]);
    expect(Array.from(recorded.dataSync())).toEqual([1]);
    expect(ran()).toEqual([['Exp']]);
  });
});

describe('memory', () => {
  it('is flat: what is made inside a step is disposed', async () => {
    const kernel = device.constant(new Float32Array(9).fill(0.1), [1, 1, 3, 3]);
    const loss = (x: Tensor) => tf.sum(silu(conv2d(x, kernel, null, { padding: 1 })));
    const step = device.compile(({ x, rate }: { x: Tensor; rate: Tensor }) => ({
      x: tf.sub(x, tf.mul(tf.grad(loss)(x), rate)),
    }));
    let x: Tensor = tf.ones([1, 1, 4, 4]);
    const seen = new Set<string>();
    for (let call = 0; call < 50; call++) {
      const next = await step({ x, rate: 0.1 * call });
      x.dispose();
      ({ x } = next);
      const { numTensors, numDataBuffers } = tf.memory();
      seen.add(`${numTensors} tensors, ${numDataBuffers} buffers`);
    }
    expect([...seen]).toHaveLength(1);
  });

  it('is given back where the function throws, and the device goes on', async () => {
    const before = tf.memory().numTensors;
    const step = device.compile((x: Tensor) => {
      tf.exp(x);
      throw new Error('no');
    });
    const x = row(1);
    await expect(step(x)).rejects.toThrow('no');
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(await read(tf.neg(x))).toEqual([-1]);
  });
});

describe('errors', () => {
  it('name a kernel that is not mapped', async () => {
    await expect(device.compile((x: Tensor) => tf.atan(x))(row(1))).rejects.toThrow(
      'device cpu:1 has no operator Atan',
    );
  });
});

describe('a device that runs each operator at once', () => {
  it('gives the same numbers, as far as float32 goes', async () => {
    const f = ({ x, k }: { x: Tensor; k: Tensor }) => {
      const loss = (v: Tensor) => tf.sum(tf.mul(tf.sin(v), k));
      return { value: loss(x), nested: [tf.grad(loss)(x), { same: x }] as const };
    };
    const compiled = await device.compile(f)({ x: row(0.1, 0.2), k: 3 });
    const expected = await Promise.all([compiled.value, ...tf.unstack(compiled.nested[0])].map(read));
    const wasm = await openDevice('wasm');
    const out = await wasm.compile(f)({ x: row(0.1, 0.2), k: 3 });
    const actual = await Promise.all([out.value, ...tf.unstack(out.nested[0])].map(read));
    expect(await read(out.nested[1].same)).toEqual([0.1, 0.2].map(Math.fround));
    for (const [i, [value]] of expected.entries()) expect(actual[i]![0]).toBeCloseTo(value!, 6);
    expect(wasm.compilations()).toBe(0);
  });
});

/** Watches what the sessions are asked to run: the ONNX operators of each program, in order. */
function programs(): () => string[][] {
  const run = vi.spyOn(SessionCache.prototype, 'run');
  return () =>
    run.mock.calls.map(([program]) => program.order.flatMap((node) => (node.kind === 'op' ? [node.op] : [])));
}
afterEach(() => {
  vi.restoreAllMocks();
});
