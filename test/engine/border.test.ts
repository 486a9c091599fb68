import { beforeAll, describe, expect, it } from 'vitest';
import { border } from '../../harness/engine/border.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { conv2d, silu } from '../../harness/engine/ops.ts';
import { normals } from '../../harness/engine/random.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';

const drawn = (draw: number, count: number) => normals({ seed: 1, role: 'sample', image: 'x', draw }, count);

let device: Device;
let network: (inputs: { z: Tensor; t: Tensor; c: Tensor }) => Tensor;
let input: { z: Tensor; t: Tensor; c: Tensor };

beforeAll(async () => {
  device = await openDevice('cpu:1');
  const w = device.constant(drawn(0, 2 * 2 * 9), [2, 2, 3, 3]);
  network = ({ z, t, c }) => silu(tf.mul(tf.add(conv2d(z, w, null, { padding: 1 }), t), c));
  const tensor = (draw: number, shape: number[]) => tf.tensor(drawn(draw, sizeOf(shape)), shape);
  input = { z: tensor(1, [1, 2, 4, 4]), t: tf.scalar(0.3), c: tensor(2, [1, 2, 1, 1]) };
});

/** A step as solvers have it: the value of the network, and the gradients of a loss of it. */
const step =
  (f: typeof network) =>
  ({ z, t, c }: typeof input) => {
    const loss = (z: Tensor, c: Tensor) => tf.sum(tf.square(tf.sub(tf.mul(f({ z, t, c }), 2), z)));
    const [dz, dc] = tf.grads(loss)([z, c]);
    return { value: f({ z, t, c }), dz: dz!, dc: dc! };
  };

async function numbers(result: Record<string, Tensor>): Promise<number[]> {
  const all: number[] = [];
  for (const tensor of Object.values(result)) all.push(...(await tensor.data()));
  return all;
}

describe('a function behind a border', () => {
  it('has the value and the gradients that it has without', async () => {
    const plain = await numbers(await device.compile(step(network))(input));
    const cut = await numbers(await device.compile(step(border(network, ['z', 'c'])))(input));
    expect(cut).toHaveLength(plain.length);
    for (const [i, x] of cut.entries()) expect(x).toBeCloseTo(plain[i]!, 5);
  });

  it('compiles one graph for its value and one for its gradients, whatever steps use it', async () => {
    const bordered = border(network, ['z', 'c']);
    const [one, other] = [
      device.compile(step(bordered)),
      device.compile((x: typeof input) => ({ y: tf.mul(bordered(x), 3) })),
    ];
    await one(input);
    const before = device.compilations();
    await one({ ...input, t: tf.scalar(0.7) });
    expect(device.compilations()).toBe(before);
    await other(input);
    // Only the product with 3 is new.
    expect(device.compilations()).toBe(before + 1);
  });

  it('takes each call into account when inputs differ, and one when they do not', async () => {
    const bordered = border(network, ['z']);
    const twice = device.compile(({ z, t, c }: typeof input) => ({
      sum: tf.add(bordered({ z, t, c }), bordered({ z: tf.neg(z), t, c })),
    }));
    const plain = device.compile(({ z, t, c }: typeof input) => ({
      sum: tf.add(network({ z, t, c }), network({ z: tf.neg(z), t, c })),
    }));
    expect(await numbers(await twice(input))).toEqual(await numbers(await plain(input)));
  });

  it('gives inputs without a gradient a zero one', async () => {
    const bordered = border(network, ['z']);
    const { dc } = (await device.compile(step(bordered))(input)) as { dc: Tensor };
    expect([...(await dc.data())].every((x) => x === 0)).toBe(true);
  });

  it('can be read outside a step', async () => {
    const bordered = border(network, ['z']);
    const outside = await bordered(input).data();
    expect([...outside]).toEqual(
      await numbers({ y: (await device.compile((x: typeof input) => ({ y: network(x) }))(input)).y }),
    );
  });

  it('refuses tensors from outside that are not its inputs', async () => {
    const leaking = device.compile(({ z, t, c }: typeof input) => ({
      y: border(({ z }: { z: Tensor }) => tf.mul(z, c), ['z'])({ z }),
      t,
    }));
    await expect(leaking(input)).rejects.toThrow('not among its inputs');
  });
});
