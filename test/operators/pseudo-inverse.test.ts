import { beforeAll, describe, expect, it } from 'vitest';
import { useDevice } from '../support/device.ts';
import { difference, dot, gaussian, norm, operators, shape } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const invertible = Object.entries(operators).filter(([, make]) => make().pseudoInverse);

it('is there where the operator has one in closed form', () => {
  expect(invertible.map(([name]) => name)).toEqual(
    Object.keys(operators).filter((name) => !name.includes('blur')),
  );
});

// The four equations that define it (Penrose, 1955), the symmetric ones by inner products.
describe.each(invertible)('of %s', (_, make) => {
  it('A A^+ A = A and A^+ A A^+ = A^+', async () => {
    const A = make();
    const x = gaussian(0, [2, ...shape]);
    const y = A.forward(x);
    expect(await difference(A.forward(A.pseudoInverse!(y)), y)).toBeLessThan(1e-5 * (await norm(y)));
    const v = gaussian(1, y.shape);
    const p = A.pseudoInverse!(v);
    expect(await difference(A.pseudoInverse!(A.forward(p)), p)).toBeLessThan(1e-5 * (await norm(p)));
  });

  it('A A^+ and A^+ A are symmetric', async () => {
    const A = make();
    const [x, z] = [gaussian(2, [2, ...shape]), gaussian(3, [2, ...shape])];
    const project = (t: typeof x) => A.pseudoInverse!(A.forward(t));
    const gap = Math.abs((await dot(project(x), z)) - (await dot(x, project(z))));
    expect(gap).toBeLessThan(1e-5 * (await norm(x)) * (await norm(z)));
    const [u, v] = [gaussian(4, A.forward(x).shape), gaussian(5, A.forward(x).shape)];
    const back = (t: typeof x) => A.forward(A.pseudoInverse!(t));
    const other = Math.abs((await dot(back(u), v)) - (await dot(u, back(v))));
    expect(other).toBeLessThan(1e-5 * (await norm(u)) * (await norm(v)));
  });
});
