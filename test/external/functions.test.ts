import { beforeAll, expect, it } from 'vitest';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { functionsOf } from '../../harness/external/functions.ts';
import { proximalMap } from '../../harness/operators/proximal.ts';
import type { Run } from '../../harness/solvers/run.ts';
import { fakePixelPrior, fakePrior, gaussian, operators, problem } from '../solvers/support.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const RUN = { batch: 2, compile: compileEager, normal: (_, shape) => gaussian(9, [2, ...shape]) } as Run;

function functionsFor(operator: string, prior = fakePixelPrior() as Parameters<typeof functionsOf>[1]) {
  const made = problem(prior, operators[operator]!(), 2);
  return { made, prior, functions: functionsOf({ kind: 'restore', given: made }, prior, RUN) };
}

const inner = async (a: Tensor, b: Tensor) => (await tf.sum(tf.mul(a, b)).data())[0]!;
const numbers = async (a: Tensor) => [...(await a.data())];

it('the functions of an operator are its own', async () => {
  const { made, functions } = functionsFor('super-resolution');
  const [x, y] = [gaussian(1, [2, 3, 16, 16]), gaussian(2, made.y.shape)];
  const given = async (name: string, arrays: Record<string, Tensor>, beside = {}) =>
    numbers((await functions[name]!.call(arrays, beside)).value!);
  expect(await given('forward', { x })).toEqual(await numbers(made.A.forward(x)));
  expect(await given('adjoint', { y })).toEqual(await numbers(made.A.adjoint!(y)));
  expect(await given('pseudoInverse', { y })).toEqual(await numbers(made.A.pseudoInverse!(y)));
  expect(await given('proximal', { y, x0: x }, { lambda: 0.5 })).toEqual(
    await numbers(proximalMap(made.A, y, x, 0.5)),
  );
  const [vjp, adjoint] = [await given('forwardVjp', { x, v: y }), await given('adjoint', { y })];
  for (const [i, value] of vjp.entries()) expect(value).toBeCloseTo(adjoint[i]!, 5);
});

it.each([
  ['forwardVjp', 'forward', 'x', {}],
  ['predictVjp', 'predict', 'x', { t: 300 }],
  ['encodeVjp', 'encode', 'x', {}],
  ['decodeVjp', 'decode', 'z', {}],
] as const)(
  '%s is the vector-Jacobian product of %s, as its differences have it',
  async (name, of, at, beside) => {
    const latent = of !== 'forward';
    const { functions, prior } = functionsFor(
      'high dynamic range',
      (latent ? fakePrior() : fakePixelPrior()) as never,
    );
    const c: Record<string, Tensor> = of === 'predict' ? { c: prior.text!.embed(['a', 'b']) } : {};
    const shape = [2, ...(functions[of]!.arrays[at]!.slice(1) as number[])];
    const [x, u] = [tf.mul(gaussian(3, shape), 0.3), gaussian(4, shape)];
    const valueAt = async (step: number) =>
      (await functions[of]!.call({ [at]: tf.add(x, tf.mul(u, step)), ...c }, beside)).value!;
    const v = gaussian(5, (await valueAt(0)).shape);
    const step = 1e-2;
    const difference = (await inner(v, tf.sub(await valueAt(step), await valueAt(-step)))) / (2 * step);
    const { value } = await functions[name]!.call({ [at]: x, v, ...c }, beside);
    const product = await inner(value!, u);
    expect(Math.abs(product - difference)).toBeLessThan(2e-2 * Math.max(1, Math.abs(difference)));
  },
);

it('what a problem lacks is said of it', () => {
  const { functions } = functionsFor('high dynamic range');
  const lacks = Object.entries(functions).flatMap(([name, { lack }]) =>
    lack === null ? [] : [[name, lack]],
  );
  expect(Object.fromEntries(lacks)).toEqual({
    adjoint: expect.stringMatching(/^operator .* is not linear; ask for forwardVjp$/),
    pseudoInverse: expect.stringMatching(/^operator .* has no pseudo-inverse$/),
    proximal: expect.stringMatching(/is not linear/),
    encode: 'prior fake pixels diffuses pictures and has no autoencoder',
    encodeVjp: 'prior fake pixels diffuses pictures and has no autoencoder',
    decode: 'prior fake pixels diffuses pictures and has no autoencoder',
    decodeVjp: 'prior fake pixels diffuses pictures and has no autoencoder',
    embed: 'prior fake pixels takes no prompts',
  });
});
